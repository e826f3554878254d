"""What happens after wrong tries, per account and per address of the client's machine."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from tenants.policy.durations import Duration, OptionalDuration, between
from tenants.policy.sections.base import Section

Robots = Literal["never", "suspicious", "always"]


class LockoutSection(Section):
    """A known and an unknown identifier are braked alike."""

    max_failures: int = Field(ge=1, le=100, description="Combien d’échecs de suite avant le blocage.")
    wait: Annotated[OptionalDuration, between("10 s", "24 h")] = Field(
        description="Le temps d’attente après le blocage ; « none » quand seule l’agence débloque.",
    )
    wait_growth: int = Field(
        ge=1,
        le=10,
        description="Par combien l’attente se multiplie à chaque blocage de suite ; 1 : elle reste la même.",
    )
    longest_wait: Annotated[Duration, between("10 s", "24 h")] = Field(
        description="L’attente la plus longue, quand elle grandit.",
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
    address_forget_after: Annotated[Duration, between("1 min", "7 jours")] = Field(
        description="Le temps en lequel ces échecs s’oublient tous, un à un et à un rythme régulier.",
    )
    address_window: Annotated[Duration, between("10 s", "24 h")] = Field(
        description="La durée du frein ; au moins le temps en lequel un échec s’oublie.",
    )
    spray_accounts: int = Field(
        ge=3,
        le=10_000,
        description="Sur combien de comptes un même secret faux est essayé en un jour avant l’alarme.",
    )
    network_max_failures: int = Field(
        ge=1,
        le=100_000,
        description="De même pour un grand réseau IPv6 (/48), qui a des milliers d’adresses pour un seul abonné.",
    )
    robots: Robots = Field(
        description="Quand l’appareil du client fait un calcul avant d’être écouté, contre les robots : "
        "jamais (never), après des échecs ou des demandes en nombre (suspicious), ou à chaque fois (always).",
    )
    robots_after: int = Field(
        ge=1,
        le=10_000,
        description="Après combien d’échecs ou de demandes depuis une même adresse Internet le calcul est demandé.",
    )
    robots_wait: Annotated[Duration, between("2 s", "1 min")] = Field(
        description="Le temps que patiente l’appareil qui ne sait pas faire ce calcul (sans JavaScript).",
    )
    mass_closings: int = Field(
        ge=2,
        le=100_000,
        description="Combien de comptes se ferment en peu de temps avant l’alarme, et le calcul pour tous.",
    )
    mass_window: Annotated[Duration, between("1 min", "24 h")] = Field(
        description="La durée sur laquelle ces fermetures se comptent.",
    )
    mass_pause: Annotated[Duration, between("1 min", "24 h")] = Field(
        description="Combien de temps le calcul est demandé à tous après l’alarme.",
    )

    @property
    def network_robots_after(self) -> int:
        """The same share of the limit as for an address."""
        return max(self.robots_after * self.network_max_failures // self.address_max_failures, 1)

    @property
    def address_tries_a_day(self) -> int:
        """How many somebody patient may make from one address."""
        return self.address_max_failures + int(
            self.address_max_failures * (timedelta(days=1) / self.address_forget_after)
        )
