"""How long a signed-in session lasts."""

from datetime import timedelta

from pydantic import Field

from tenants.policy.durations import Duration
from tenants.policy.sections.base import Section


class SessionSection(Section):
    """Both end it: the first that is reached."""

    idle: Duration = Field(
        ge=timedelta(minutes=1),
        le=timedelta(hours=2),
        description="Le temps sans rien faire avant la déconnexion.",
    )
    absolute: Duration = Field(
        ge=timedelta(minutes=5),
        le=timedelta(days=1),
        description="La durée d’une session, quoi que l’on fasse.",
    )
