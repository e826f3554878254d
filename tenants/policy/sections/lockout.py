"""What happens after wrong tries, per account and per address of the client's machine."""

from typing import Annotated

from pydantic import Field

from tenants.policy.durations import Duration, OptionalDuration, between
from tenants.policy.sections.base import Section


class LockoutSection(Section):
    """A known and an unknown identifier are braked alike."""

    max_failures: int = Field(ge=1, le=100, description="Combien d’échecs de suite avant le blocage.")
    wait: Annotated[OptionalDuration, between("10 s", "24 h")] = Field(
        description="Le temps d’attente après le blocage ; « none » quand seule l’agence débloque.",
    )
    until_agency: bool = Field(description="Si seule l’agence débloque le compte.")
    shows_tries_left: bool = Field(description="Si l’écran dit combien d’essais restent.")
    daily_total: int = Field(
        ge=1,
        le=1000,
        description="Combien d’échecs en un jour sur un compte avant que seule l’agence le débloque.",
    )
    forget_after: Annotated[Duration, between("1 min", "30 jours")] = Field(
        description="Le temps sans essai après lequel les échecs d’un compte sont oubliés.",
    )
    address_max_failures: int = Field(
        ge=1, le=10_000, description="Combien d’échecs depuis une même adresse Internet avant de la freiner."
    )
    address_window: Annotated[Duration, between("10 s", "24 h")] = Field(
        description="La durée sur laquelle ces échecs se comptent, et celle du frein.",
    )
    spray_accounts: int = Field(
        ge=3,
        le=10_000,
        description="Sur combien de comptes un même secret faux est essayé en un jour avant l’alarme.",
    )
