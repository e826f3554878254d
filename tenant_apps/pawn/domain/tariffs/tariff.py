"""A tariff made ready to compute with: whole numbers over one denominator, nothing lost before a rounding."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm

from guichet.kernel.money import ZERO, Money
from tenant_apps.pawn.domain.tariffs.document import (
    ActFee,
    Bracket,
    Counting,
    FixedFee,
    Late,
    Rounding,
    TariffDocument,
)
from tenant_apps.pawn.domain.tariffs.months import MONTHS_A_YEAR, days, started_half_months, started_months

COUNTERS: dict[str, Callable[[date, date], int]] = {
    "day": days,
    "half_month": started_half_months,
    "month": started_months,
}
PERIODS_A_MONTH = {"half_month": 2, "month": 1}
HUNDRED = 100


class TaegOnlyError(ValueError):
    """The file's rates are TAEG as published: they say what a loan costs in all, not what makes up that cost."""


@dataclass(frozen=True, slots=True)
class Step:
    """A bracket: above `above` cents, and up to `up_to`, each period costs `weight` over the tariff's denominator."""

    above: int
    up_to: int | None
    weight: int
    rate: Decimal
    rate_per: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a sum in per cent, as a fraction, and a sum of cents besides."""

    numerator: int
    denominator: int
    plus: int = 0

    def of(self, cents: int, rounded: "Rounder") -> int:
        return self.plus + (rounded(cents * self.numerator, self.denominator) if self.numerator else 0)


@dataclass(frozen=True, slots=True)
class Rounder:
    """`rounder(numerator, denominator)` in whole cents, to the tariff's unit and in its way. Nothing is negative."""

    unit: int
    way: str

    def __call__(self, numerator: int, denominator: int) -> int:
        whole, rest = divmod(numerator, denominator * self.unit)
        return (whole + self._adds(whole, rest, denominator * self.unit)) * self.unit

    def _adds(self, whole: int, rest: int, divisor: int) -> int:
        if rest == 0 or self.way == "down":
            return 0
        if self.way == "up":
            return 1
        twice = 2 * rest
        if twice == divisor:
            return 1 if self.way == "half_up" else whole % 2
        return 1 if twice > divisor else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A fixed fee."""

    by_lent: bool
    """Its share and its bounds look at the sum lent, else at what is left of it."""
    share: Share
    rate: Decimal | None
    """Its share in per cent, for who explains it."""
    opens: bool
    """It is due with the rest, from the loan or the prolongation on."""
    withheld: bool
    """It is taken off what is handed over, or paid with the prolongation."""
    repeats: bool
    """Each prolongation charges it again."""
    every_months: int
    """It is due for each started period of so many months; 0 for the others."""
    above: int
    up_to: int | None
    below_free: bool

    def applies(self, *, basis: int, free: bool) -> bool:
        if free and not self.below_free:
            return False
        return basis > self.above and (self.up_to is None or basis <= self.up_to)


@dataclass(frozen=True, slots=True)
class LateStep:
    """The penalty from that day of lateness on."""

    from_day: int
    share: Share
    rate: Decimal


@dataclass(frozen=True, slots=True)
class ActCost:
    share: Share
    written: ActFee


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Computed with, never changed."""

    document: TariffDocument
    denominator: int
    steps: tuple[Step, ...]
    slices: bool
    by_lent: bool
    free_up_to: int
    count: Callable[[date, date], int]
    counting: Counting
    rounder: Rounder
    each_period: bool
    fees: tuple[Fee, ...]
    late: Late | None
    late_steps: tuple[LateStep, ...]
    """From the last to the first."""
    acts: dict[str, ActCost]
    withholds: bool
    """Some fee is taken off what is handed over."""
    compulsory: tuple[str, ...]
    """The acts without which the loan is not had."""

    @property
    def valid_from(self) -> date:
        return self.document.valid_from

    def is_free(self, basis: int) -> bool:
        return basis <= self.free_up_to

    def parts(self, *, basis: int, capital: int) -> list[tuple[Step, int]]:
        """Which cents of the capital each bracket charges."""
        if self.is_free(basis):
            return []
        if not self.slices:
            return [(self._step_of(basis), capital)]
        return [
            (step, (capital if step.up_to is None else min(capital, step.up_to)) - step.above)
            for step in self.steps
            if capital > step.above
        ]

    def _step_of(self, basis: int) -> Step:
        return next(step for step in self.steps if step.up_to is None or basis <= step.up_to)


def tariff_of(document: TariffDocument) -> Tariff:
    """Raises TaegOnlyError."""
    if document.published_as == "taeg":
        raise TaegOnlyError
    rates = [_each_period(bracket, document.counting) for bracket in document.brackets]
    denominator = lcm(*(rate.denominator for rate in rates))
    return Tariff(
        document=document,
        denominator=denominator,
        steps=_steps(document.brackets, [int(rate * denominator) for rate in rates]),
        slices=document.applied == "slices",
        by_lent=document.basis == "lent",
        free_up_to=document.free_up_to.cents,
        count=COUNTERS[document.counting.period],
        counting=document.counting,
        rounder=_rounder(document.rounding),
        each_period=document.rounding.interest == "each_period",
        fees=tuple(map(_fee, document.fixed_fees)),
        late=document.late,
        late_steps=_late_steps(document.late),
        acts={fee.act: ActCost(_share(fee.share, fee.amount), fee) for fee in document.acts},
        withholds=any(fee.paid == "start" for fee in document.fixed_fees),
        compulsory=tuple(fee.act for fee in document.acts if fee.compulsory),
    )


def _rounder(written: Rounding) -> Rounder:
    return Rounder(written.unit.cents, written.way)


def _share(percent: Decimal, plus: Money = ZERO) -> Share:
    fraction = Fraction(percent) / HUNDRED
    return Share(fraction.numerator, fraction.denominator, plus.cents)


def _fee(written: FixedFee) -> Fee:
    by_period = written.charged == "period"
    return Fee(
        by_lent=written.base == "lent",
        share=_share(written.share, written.amount),
        rate=written.share or None,
        opens=not by_period and written.paid == "end",
        withheld=not by_period and written.paid == "start",
        repeats=written.charged == "prolongation",
        every_months=written.every_months or 0,
        above=written.above.cents,
        up_to=None if written.up_to is None else written.up_to.cents,
        below_free=written.below_free,
    )


def _late_steps(late: Late | None) -> tuple[LateStep, ...]:
    steps = late.steps if late else ()
    return tuple(LateStep(step.from_day, _share(step.rate), step.rate) for step in reversed(steps))


def _each_period(bracket: Bracket, counting: Counting) -> Fraction:
    """The rate of one period of the tariff's counting."""
    rate = Fraction(bracket.rate) / HUNDRED
    if counting.period == "day":
        return rate * (MONTHS_A_YEAR if bracket.per == "month" else 1) / counting.days_in_year
    return rate / (MONTHS_A_YEAR if bracket.per == "year" else 1) / PERIODS_A_MONTH[counting.period]


def _steps(brackets: tuple[Bracket, ...], weights: list[int]) -> tuple[Step, ...]:
    steps: list[Step] = []
    above = 0
    for bracket, weight in zip(brackets, weights, strict=True):
        up_to = bracket.up_to.cents if bracket.up_to is not None else None
        steps.append(Step(above, up_to, weight, bracket.rate, bracket.per))
        above = up_to or 0
    return tuple(steps)
