"""How long a signed-in session lasts."""

from typing import Annotated

from pydantic import Field

from tenants.policy.durations import Duration, between
from tenants.policy.sections.base import Section


class SessionSection(Section):
    """Both end it: the first that is reached."""

    idle: Annotated[Duration, between("1 min", "2 h")] = Field(
        description="Le temps sans rien faire avant la déconnexion.",
    )
    absolute: Annotated[Duration, between("5 min", "24 h")] = Field(
        description="La durée d’une session, quoi que l’on fasse.",
    )
