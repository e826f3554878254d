"""Paying by card."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from guichet.kernel.money import Money
from tenants.policy.durations import Duration, between
from tenants.policy.sections.base import Section
from tenants.policy.sections.senders import provider_name

Unapplied = Literal["hold", "refund"]


class PaymentsSection(Section):
    """What it goes through, and between which sums."""

    provider: Annotated[str, AfterValidator(provider_name)] = Field(
        json_schema_extra={"pattern": "^[a-z][a-z0-9_-]{0,39}$"},
        description="Le prestataire de paiement, dans la liste du groupement.",
    )
    least: int = Field(ge=1, le=1_000, description="Le plus petit paiement par carte, en euros entiers.")
    greatest: int = Field(ge=1, le=100_000, description="Le plus grand paiement par carte, en euros entiers.")
    quote_lifetime: Annotated[Duration, between("2 min", "60 min")] = Field(
        description="Le temps pendant lequel un prix annoncé au client ne change pas.",
    )
    unapplied: Unapplied = Field(
        description="Ce que devient une somme payée qui ne peut plus servir : « hold », l’agence décide ; « refund »,"
        " elle retourne aussitôt sur la carte.",
    )

    @property
    def least_sum(self) -> Money:
        return Money.of(self.least)

    @property
    def greatest_sum(self) -> Money:
        return Money.of(self.greatest)
