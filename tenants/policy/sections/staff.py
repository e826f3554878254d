"""How far the agency's people may go from the rules for one client."""

from typing import Annotated

from pydantic import Field

from tenants.policy.durations import Duration, between
from tenants.policy.sections.base import Section


class StaffSection(Section):
    """What an agent may grant, with a reason, to one person."""

    exception_longest: Annotated[Duration, between("24 h", "90 jours")] = Field(
        description="Le temps pendant lequel un client peut, au plus, se connecter par un moyen hors des règles.",
    )
