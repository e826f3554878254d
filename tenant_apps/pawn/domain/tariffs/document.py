"""A tariff as a caisse writes it: one dated document, typed, with no guess left to the code.

What no source says of a published grid is a field without a default, so that whoever writes the file decides.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from guichet.kernel.money import ZERO, Money
from tenant_apps.pawn.domain.law import LONGEST_MONTHS
from tenant_apps.pawn.domain.tariffs.values import Euros, Percent
from tenants.policy.sections.base import Line, Section, Title

Basis = Literal["lent", "rest"]
PenaltyBase = Literal["lent", "rest", "interest", "rest_and_interest"]
Act = Literal[
    "due_notice",
    "sale_notice",
    "boni_notice",
    "sale_preparation",
    "sale_withdrawal",
    "requested_sale",
    "lost_receipt",
    "sending",
    "cleaning",
    "other",
]
# Before the first of them no caisse lends by a file, and months are added to a day.
YEARS = range(1950, 2201)
Months = Annotated[int, Field(ge=1, le=LONGEST_MONTHS)]


class Bracket(Section):
    up_to: Euros | None = Field(
        default=None, description="Jusqu’à quelle somme, comprise ; absente pour la dernière tranche."
    )
    rate: Percent = Field(description="Le taux nominal, en pour cent, entre guillemets.")
    per: Literal["month", "year"] = Field(description="Par mois (month) ou par an (year).")
    published_taeg: Percent | None = Field(
        default=None, description="Le TAEG que la caisse publie pour cette tranche, s’il y en a un."
    )


class Counting(Section):
    """How time becomes interest."""

    period: Literal["day", "half_month", "month"] = Field(
        description="Au jour (day), par quinzaine commencée (half_month) ou par mois commencé (month)."
    )
    days_in_year: Literal[360, 365] = Field(
        default=365,
        description="Au jour : la base de l’année, pour un taux annuel comme pour un taux mensuel.",
    )
    periods_from: Literal["start", "payment"] = Field(
        description="Les périodes se comptent depuis le prêt (start), ou recommencent à chaque paiement (payment)."
    )
    after_term: bool = Field(description="Si les intérêts courent encore après l’échéance.")
    least_periods: int = Field(default=0, ge=0, le=366, description="Combien de périodes sont dues au moins.")
    least_sum: Euros = Field(default=ZERO, description="Combien d’intérêts sont dus au moins.")


class FixedFee(Section):
    share: Percent = Field(default=Decimal(0), description="Une part de la base, en pour cent.")
    amount: Euros = Field(default=ZERO, description="Une somme, qui s’ajoute à la part.")
    base: Basis = Field(
        description="Ce que regardent la part et les bornes : la somme prêtée (lent), ou ce qui en reste dû (rest)."
    )
    charged: Literal["once", "prolongation", "period"] = Field(
        description="Une fois (once), de nouveau à chaque prolongation (prolongation), ou par période commencée "
        "depuis le prêt (period)."
    )
    every_months: Months | None = Field(default=None, description="Pour « period » : combien de mois.")
    paid: Literal["start", "end"] = Field(
        description="Retenu sur la somme remise ou payé en prolongeant (start), ou avec le reste (end)."
    )
    above: Euros = Field(default=ZERO, description="Au-dessus de quelle somme il est dû.")
    up_to: Euros | None = Field(default=None, description="Jusqu’à quelle somme, comprise, il est dû.")
    below_free: bool = Field(description="S’il est dû aussi pour un prêt gratuit.")

    @model_validator(mode="after")
    def _whole(self) -> "FixedFee":
        if not self.share and not self.amount:
            raise PydanticCustomError("fee", "un droit fixe a une part (share) ou une somme (amount)")
        if (self.charged == "period") != (self.every_months is not None):
            raise PydanticCustomError("fee", "every_months va avec charged = « period », et avec lui seul")
        if self.charged == "period" and self.paid == "start":
            raise PydanticCustomError("fee", "un droit par période se paie avec le reste : paid = « end »")
        if self.up_to is not None and self.up_to <= self.above:
            raise PydanticCustomError("fee", "up_to est plus grand que above")
        return self


class LateStep(Section):
    from_day: int = Field(ge=1, le=3660, description="À partir de quel jour de retard.")
    rate: Percent = Field(description="La pénalité, en pour cent de la base ; elle remplace la précédente.")


class Late(Section):
    base: PenaltyBase = Field(
        description="Sur quoi porte la pénalité : le capital prêté (lent), ce qu’il en reste (rest), les intérêts "
        "dus (interest), ou le reste et les intérêts (rest_and_interest)."
    )
    below_free: bool = Field(description="Si elle est due aussi pour un prêt gratuit.")
    steps: tuple[LateStep, ...] = Field(min_length=1, description="Les paliers, du premier au dernier.")

    @model_validator(mode="after")
    def _rising(self) -> "Late":
        pairs = list(zip(self.steps, self.steps[1:], strict=False))
        if any(two.from_day <= one.from_day or two.rate < one.rate for one, two in pairs):
            raise PydanticCustomError("late", "les paliers de retard se suivent, et leur taux ne baisse pas")
        return self


class ActFee(Section):
    act: Act = Field(description="Ce que la caisse fait.")
    amount: Euros = Field(default=ZERO, description="Une somme.")
    share: Percent = Field(default=Decimal(0), description="Une part du capital prêté, en pour cent.")
    plus_cost: bool = Field(default=False, description="Si le coût, comme le port, s’y ajoute.")
    compulsory: bool = Field(
        default=False, description="S’il faut le payer pour obtenir le prêt : il compte alors dans le TAEG."
    )
    note: Line = Field(default="", description="Ce que la caisse en dit.")


_COARSEST = Money.of(10)


class Rounding(Section):
    unit: Euros = Field(description="À quoi l’on arrondit : « 0.01 » pour le centime.")
    way: Literal["half_up", "half_even", "up", "down"] = Field(description="Comment l’on arrondit.")
    interest: Literal["once", "each_period"] = Field(
        description="Les intérêts s’arrondissent une fois (once), ou période par période (each_period)."
    )

    @model_validator(mode="after")
    def _something(self) -> "Rounding":
        if self.unit <= ZERO:
            raise PydanticCustomError("rounding", "l’unité d’arrondi est d’un centime au moins")
        if self.unit > _COARSEST:
            # The search for the dearest loan looks at every sum that a unit makes one.
            raise PydanticCustomError("rounding", "l’unité d’arrondi est de dix euros au plus")
        return self


class Amounts(Section):
    least: Euros = Field(description="Le plus petit prêt.")
    greatest: Euros = Field(description="Le plus grand prêt.")
    step: Euros = Field(description="De combien en combien : « 1.00 » pour des euros entiers.")

    @model_validator(mode="after")
    def _ordered(self) -> "Amounts":
        if self.step <= ZERO:
            raise PydanticCustomError("amounts", "step est d’un centime au moins")
        if not ZERO < self.least <= self.greatest:
            raise PydanticCustomError("amounts", "least est positif, et greatest au moins aussi grand")
        if self.least.cents % self.step.cents or self.greatest.cents % self.step.cents:
            raise PydanticCustomError("amounts", "least et greatest sont des multiples de step")
        return self


class ProlongationRules(Section):
    months: tuple[Months, ...] = Field(description="Les durées offertes ; vide, rien ne se prolonge.")
    runs_from: Literal["term", "payment"] = Field(
        description="La nouvelle durée part de l’échéance (term) ou du jour du paiement (payment)."
    )


class Choice(Section):
    """One thing that the published grid does not say, and what this file makes of it."""

    setting: Title = Field(description="La clé, comme « fixed_fees.0.below_free ».")
    because: Line = Field(description="Pourquoi ce choix.")


LONGEST_ACCEPTED = timedelta(days=366)


class Accepted(Section):
    """Up to which TAEG, for which sums, signed when. Anything else is above the ceiling for nobody's account."""

    taeg: Percent = Field(description="Le plus haut TAEG qui est accepté, en pour cent.")
    above: Euros = Field(description="Au-dessus de quelle somme prêtée.")
    up_to: Euros | None = Field(
        default=None, description="Jusqu’à quelle somme, comprise ; absente : sans borne."
    )
    since: date = Field(description="Pour les prêts signés depuis quel jour : le premier d’un trimestre.")
    until: date = Field(description="Jusqu’à quel jour, compris : le dernier d’un trimestre, dans l’année.")

    @model_validator(mode="after")
    def _bounded(self) -> "Accepted":
        if not self.since <= self.until < self.since + LONGEST_ACCEPTED:
            raise PydanticCustomError(
                "sign_off", "until suit since, d’un an au plus : les seuils changent chaque trimestre"
            )
        if self.up_to is not None and self.up_to <= self.above:
            raise PydanticCustomError("sign_off", "up_to est plus grand que above")
        return self


class SignOff(Section):
    """A person takes on themselves the breaches of the usury ceiling that they name."""

    by: Title = Field(description="Qui l’accepte.")
    on: date = Field(description="Quel jour.")
    reason: Annotated[Line, Field(min_length=1)] = Field(description="Pourquoi.")
    accepted: tuple[Accepted, ...] = Field(
        min_length=1, description="Ce qui est accepté, et rien d’autre : taux, sommes, trimestres."
    )


class TariffDocument(Section):
    label: Title = Field(description="Le nom du tarif.")
    origin: Literal["published", "invented"] = Field(description="Publié par la caisse, ou inventé.")
    source: Line = Field(description="D’où il vient.")
    published_as: Literal["nominal", "taeg"] = Field(
        description="Les taux publiés sont nominaux, ou des TAEG : ceux-là ne suffisent pas pour calculer."
    )
    valid_from: date = Field(description="Depuis quel jour il s’applique aux nouveaux prêts.")
    applied: Literal["whole", "slices"] = Field(
        description="Le taux de la tranche porte sur tout le capital (whole), ou chaque tranche a le sien (slices)."
    )
    basis: Basis = Field(
        description="Après un remboursement partiel, les tranches et la gratuité regardent la somme prêtée (lent) ou "
        "le reste (rest)."
    )
    free_up_to: Euros = Field(default=ZERO, description="Jusqu’à quelle somme le prêt ne porte pas intérêt.")
    months: tuple[Months, ...] = Field(min_length=1, description="Les durées offertes, en mois.")
    amounts: Amounts = Field(description="Les sommes prêtées.")
    brackets: tuple[Bracket, ...] = Field(
        min_length=1, description="Les tranches, de la plus basse à la plus haute."
    )
    counting: Counting = Field(description="Le temps.")
    rounding: Rounding = Field(description="Les arrondis.")
    prolongation: ProlongationRules = Field(description="La prolongation.")
    fixed_fees: tuple[FixedFee, ...] = Field(default=(), description="Les droits fixes.")
    late: Late | None = Field(default=None, description="Les pénalités de retard.")
    acts: tuple[ActFee, ...] = Field(default=(), description="Les frais par acte.")
    buyer_fee: Percent | None = Field(default=None, description="À la vente, les frais de l’acheteur.")
    choices: tuple[Choice, ...] = Field(default=(), description="Ce que la grille publiée ne dit pas.")
    usury_sign_off: SignOff | None = Field(default=None, description="Un dépassement de l’usure, assumé.")

    @model_validator(mode="after")
    def _coherent(self) -> "TariffDocument":
        for holds, reason in self._rules():
            if not holds:
                raise PydanticCustomError("tariff", reason)
        return self

    def _rules(self) -> list[tuple[bool, str]]:
        bounds = [bracket.up_to for bracket in self.brackets]
        rising = [bound for bound in bounds[:-1] if bound is not None]
        acts = [fee.act for fee in self.acts]
        return [
            (
                self.valid_from.year in YEARS,
                f"valid_from : une année de {YEARS[0]} à {YEARS[-1]}",
            ),
            (
                bounds[-1] is None and len(rising) == len(bounds) - 1,
                "brackets : chaque tranche a sa borne up_to, sauf la dernière",
            ),
            (
                rising == sorted(set(rising)) and (not rising or rising[0] > ZERO),
                "brackets : les bornes montent d’une tranche à la suivante",
            ),
            (
                self.applied == "whole" or self.basis == "rest",
                "basis : par tranches (slices), seul le reste dû (rest) se découpe",
            ),
            (len(acts) == len(set(acts)), "acts : chaque acte est écrit une fois"),
            (
                self._withheld_of_least() * 2 < self.amounts.least.euros,
                "fixed_fees : ce qui est retenu sur le plus petit prêt en dépasse la moitié",
            ),
        ]

    def _withheld_of_least(self) -> Decimal:
        """No grid withholds that much; and the TAEG of nothing handed over is no number."""
        withheld = [fee for fee in self.fixed_fees if fee.paid == "start"]
        least = self.amounts.least.euros
        return sum((fee.amount.euros + least * fee.share / 100 for fee in withheld), start=Decimal(0))
