"""How long the journal keeps what the law does not let it keep for ever."""

from typing import Annotated

from pydantic import Field

from tenants.policy.durations import Duration, between
from tenants.policy.sections.base import Section


class JournalSection(Section):
    """The events themselves stay."""

    addresses_kept: Annotated[Duration, between("31 jours", "1100 jours")] = Field(
        description="Le temps après lequel les adresses Internet du journal sont effacées.",
    )
