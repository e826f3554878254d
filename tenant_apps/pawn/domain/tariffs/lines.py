"""A sum that is owed, with the lines that explain it. Words are made by the presentation."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from guichet.kernel.money import Money


class Kind(Enum):
    CAPITAL = "capital"
    INTEREST = "interest"
    MINIMUM = "minimum"
    """What is missing to the least interest that the tariff charges."""
    FIXED_FEE = "fixed_fee"
    PENALTY = "penalty"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` = `base` × `rate` % × `periods`, rounded as the tariff says, where these are given; less what was paid.

    A rate per month or year is that of the tariff, whatever its periods: a half-month of 0,80 % a month costs 0,40 %.
    """

    kind: Kind
    amount: Money
    start: date
    end: date
    base: Money | None = None
    rate: Decimal | None = None
    """In per cent: of `rate_per` where that is given, else of the base, once."""
    rate_per: str = ""
    """`month` or `year`, or nothing."""
    periods: int = 0
    """How many of `period`; for a penalty, the days late."""
    period: str = ""
    """`day`, `half_month`, `month`; or nothing."""
    act: str = ""
    """Which act of the tariff."""
    least: bool = False
    """Fewer periods have begun: these are the least that the tariff counts."""
    counted: int = 0
    """Periods of the loan that came before: one may still run within these dates, and is not counted twice."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What is owed on a day: the sum of its lines, to the cent."""

    on: date
    term: date
    lines: tuple[Line, ...]

    def of(self, *kinds: Kind) -> Money:
        return Money(sum(line.amount.cents for line in self.lines if line.kind in kinds))

    @property
    def capital(self) -> Money:
        return self.of(Kind.CAPITAL)

    @property
    def interest(self) -> Money:
        """With what the tariff's minimum adds."""
        return self.of(Kind.INTEREST, Kind.MINIMUM)

    @property
    def fees(self) -> Money:
        """Fixed fees and acts; each is a line."""
        return self.of(Kind.FIXED_FEE, Kind.ACT)

    @property
    def penalty(self) -> Money:
        return self.of(Kind.PENALTY)

    @property
    def total(self) -> Money:
        return Money(sum(line.amount.cents for line in self.lines))

    @property
    def charges(self) -> Money:
        """All but the capital: what a prolongation pays."""
        return self.total - self.capital

    @property
    def days_late(self) -> int:
        return max((self.on - self.term).days, 0)
