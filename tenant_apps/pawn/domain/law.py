"""What the law bounds: how much may be lent, how long, when a thing may be sold, whose the surplus is."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from guichet.kernel.money import ZERO, Money
from tenant_apps.pawn.domain.tariffs.months import MONTHS_A_YEAR, add_months

LONGEST_MONTHS = 24
"""Prolongations included (CMF D514-7): beyond it, a new engagement after a new appraisal."""
MONTHS_BEFORE_REQUEST = 3
"""Before the client may ask for the sale (CMF D514-15)."""
YEARS_OF_BONI = 2
"""From the sale, whatever was written since (CMF D514-21)."""
METAL_SHARE, APPRAISAL_SHARE = (4, 5), (2, 3)
"""Maxima of a loan: of the value by weight of a precious metal, of the appraisal of anything else (CMF D514-8)."""
PURE = 1000


class Metal(StrEnum):
    GOLD = "gold"
    SILVER = "silver"
    PLATINUM = "platinum"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetalValue:
    """So much of a metal, at the price of one gram of it when pure."""

    grams: Decimal
    fineness: int
    price: Decimal

    @property
    def share_lent(self) -> Decimal:
        part, whole = METAL_SHARE
        return self.grams * self.fineness * self.price * part / whole / PURE


def ceiling_of(*, appraisal: Money, metal: MetalValue | None) -> Money:
    """The most that may be lent on one object, never a fraction of a cent more (CMF D514-8)."""
    part, whole = APPRAISAL_SHARE
    lent = metal.share_lent if metal else appraisal.euros * part / whole
    return Money.rounded(lent, rounding=ROUND_DOWN)


def last_term(*, opened_on: date) -> date:
    return add_months(opened_on, LONGEST_MONTHS)


def request_from(*, opened_on: date) -> date:
    return add_months(opened_on, MONTHS_BEFORE_REQUEST)


def new_goods_from(*, term: date) -> date:
    """New goods are sold once the term of the contract has passed, whoever asks (CMF D514-15)."""
    return term + timedelta(days=1)


def boni_lapses_on(*, sold_on: date) -> date:
    """The first day on which the boni is the caisse's."""
    return add_months(sold_on, YEARS_OF_BONI * MONTHS_A_YEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a sale comes to. At most one of the two is more than nothing."""

    boni: Money
    """The client's."""
    deficit: Money
    """The appraiser's or the caisse's, never billed to the client (CMF D514-3, D514-4)."""


def outcome_of(*, price: Money, owed: Money) -> Outcome:
    """`owed`: capital, interest and fees on the day of the sale."""
    left = price - owed
    return Outcome(boni=max(left, ZERO), deficit=max(-left, ZERO))


def boni_notice_on(*, sold_on: date, months: int, boni: Money, least: Money) -> date | None:
    """When the caisse must write that it waits; None where the sum is too small for it (CMF D514-21)."""
    return add_months(sold_on, months) if boni and boni >= least else None
