"""The dearest loan that a tariff offers, found among all amounts and durations.

Between two edges of a tariff (a bracket, the free amount, the bounds of a fee, a bound of the ceilings) what is paid
and what is handed over are lines of the amount, so that their ratio has no hill inside: its ends bound it, and each
rounding adds the most that it can. An interval whose bound is below what was found is left; another is cut in two,
down to a handful of amounts that are computed as they would be charged. Whether a ceiling is crossed is therefore
exact; the case that is named costs at most about a thousandth of a point of TAEG less than the dearest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.debt import Simulation, simulate
from tenant_apps.pawn.domain.tariffs.months import add_months
from tenant_apps.pawn.domain.tariffs.taeg import growth_exceeds
from tenant_apps.pawn.domain.tariffs.tariff import Fee, Tariff
from tenant_apps.pawn.domain.tariffs.usury import Period

HANDFUL = 16
_NEARLY = Fraction(1, 1_500_000)
"""Of the ratio of what is paid to what is handed over, for each month: some thousandth of a point of TAEG."""
_HALF_AT_MOST = frozenset({"half_up", "half_even"})
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """The dearest loan of one duration and one class of ceilings, signed on the day that makes it dearest."""

    simulation: Simulation
    period: Period
    ceiling: Decimal
    breaches: bool

    @property
    def excess(self) -> Decimal:
        """In points of TAEG; negative below the ceiling."""
        return self.simulation.taeg - self.ceiling


@dataclass(frozen=True, slots=True)
class Search:
    """One duration, from one day of signing. `ceilings` are those that a loan of it may be compared with."""

    tariff: Tariff
    months: int
    start: date
    ceilings: frozenset[Decimal]

    def at(self, capital: int) -> Simulation:
        return simulate(tariff=self.tariff, capital=Money(capital), start=self.start, months=self.months)

    def may_leave(self, best: Simulation, bound: Fraction) -> bool:
        known = growth(best)
        if bound <= known:
            return True
        if bound > known + self.months * _NEARLY:
            return False
        return not any(self.exceeds(bound, each) and not self.exceeds(known, each) for each in self.ceilings)

    def exceeds(self, found: Fraction, ceiling: Decimal) -> bool:
        return growth_exceeds(found, months=self.months, ceiling=ceiling)

    def bound(self, low: int, high: int) -> Fraction:
        """No loan between these two, within one piece, costs more."""
        return max(self._unrounded(low, inside=high), self._unrounded(high, inside=high))

    def _unrounded(self, capital: int, *, inside: int) -> Fraction:
        """`inside` says to which piece the amount belongs: an edge is in the piece below it."""
        tariff, more = self.tariff, _rounding_adds(self.tariff)
        parts = [] if tariff.is_free(inside) else tariff.parts(basis=inside, capital=capital)
        periods = max(
            tariff.count(self.start, add_months(self.start, self.months)), tariff.counting.least_periods
        )
        exact = Fraction(sum(cents * step.weight for step, cents in parts) * periods, tariff.denominator)
        interest = max(exact, Fraction(tariff.counting.least_sum.cents if parts else 0))
        roundings = len(parts) * periods if tariff.each_period else 1
        paid, handed_over = capital + interest, Fraction(capital)
        for fee, times in self._fees(inside):
            amount = _of(fee, capital) * times + more * times
            if fee.withheld:
                handed_over -= amount
            else:
                paid += amount
        for act in tariff.compulsory:
            share = tariff.acts[act].share
            paid += Fraction(capital * share.numerator, share.denominator) + share.plus + more
        return (paid + roundings * more) / handed_over

    def _fees(self, basis: int) -> Iterator[tuple[Fee, int]]:
        """Each fee that applies, and how many times by the term."""
        for fee in self.tariff.fees:
            if fee.applies(basis=basis, free=self.tariff.is_free(basis)):
                yield fee, -(-self.months // fee.every_months) if fee.every_months else 1


def worst_cases(tariff: Tariff, periods: Sequence[Period], *, since: date) -> list[Worst]:
    """For each period, duration and class of ceilings, the dearest loan that may be signed then and from `since` on."""
    signed = tariff.document.usury_sign_off
    accepted = signed.accepted if signed else ()
    # What somebody signed for is a ceiling too: whether a loan crosses it must be exact as well.
    ceilings = frozenset(each.rate for period in periods for each in period.ceilings) | {
        each.taeg for each in accepted
    }
    known: dict[tuple[int, int, int, int], Simulation | None] = {}
    found = []
    for period in periods:
        for months in tariff.document.months:
            start = _dearest_start(tariff, months, max(period.start, since), period.end)
            search = Search(tariff, months, start, ceilings)
            count = tariff.count(start, add_months(start, months))
            for low, high, ceiling in _classes(tariff, period):
                # The same number of periods costs the same, whatever the day of signing.
                key = (months, count, low, high)
                if key not in known:
                    known[key] = _dearest(search, low, high)
                dearest = known[key]
                if dearest is not None:
                    found.append(_worst(search, dearest, period, ceiling))
    return found


def _worst(search: Search, dearest: Simulation, period: Period, ceiling: Decimal) -> Worst:
    simulation = search.at(dearest.loan.lent.cents)
    breaches = search.exceeds(growth(simulation), ceiling)
    return Worst(simulation=simulation, period=period, ceiling=ceiling, breaches=breaches)


def _dearest_start(tariff: Tariff, months: int, first: date, last: date) -> date:
    """The first day from which the duration has the most periods: all else depends on months alone."""
    days = [first + DAY * number for number in range((last - first).days + 1)]
    return max(days, key=lambda day: tariff.count(day, add_months(day, months)))


def _classes(tariff: Tariff, period: Period) -> Iterator[tuple[int, int, Decimal]]:
    """Amounts above the first number and up to the second, and their ceiling; cut where a sign-off begins or ends."""
    amounts, signed = tariff.document.amounts, tariff.document.usury_sign_off
    low = amounts.least.cents - 1
    bounds = {bound.cents for bound in period.bounds}
    for each in signed.accepted if signed else ():
        bounds |= {each.above.cents} | ({each.up_to.cents} if each.up_to else set())
    for bound in [*sorted(bounds), amounts.greatest.cents]:
        high = min(bound, amounts.greatest.cents)
        if high > low:
            yield low, high, period.ceiling(Money(high))
            low = high


def _dearest(search: Search, low: int, high: int) -> Simulation | None:
    """The dearest loan above `low` and up to `high` cents; None where no step of the tariff falls there."""
    best: Simulation | None = None
    step = search.tariff.document.amounts.step.cents
    waiting = [
        (first, last)
        for above, up_to in _pieces(search.tariff, low, high)
        if (first := (above // step + 1) * step) <= (last := up_to // step * step)
    ]
    while waiting:
        first, last = waiting.pop()
        if best is not None and search.may_leave(best, search.bound(first, last)):
            continue
        if (last - first) // step < HANDFUL:
            candidates = [search.at(capital) for capital in range(first, last + 1, step)]
            best = max([*([best] if best else []), *candidates], key=growth)
        else:
            middle = (first + last) // (2 * step) * step
            # The lower half is looked at first: what does not grow with the amount weighs most there.
            waiting += [(middle + step, last), (first, middle)]
    return best


def growth(simulation: Simulation) -> Fraction:
    """What is paid, against what was handed over."""
    return Fraction(simulation.paid.cents, simulation.handed_over.cents)


def _rounding_adds(tariff: Tariff) -> Fraction:
    """The most that one rounding adds, in cents."""
    unit = Fraction(tariff.rounder.unit)
    return unit / 2 if tariff.rounder.way in _HALF_AT_MOST else unit


def _pieces(tariff: Tariff, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Cut at every amount where the tariff's formula changes."""
    edges = {tariff.free_up_to, high}
    edges |= {step.up_to for step in tariff.steps if step.up_to is not None}
    for fee in tariff.fees:
        edges |= {fee.above} | ({fee.up_to} if fee.up_to is not None else set())
    for edge in sorted(edge for edge in edges if low < edge <= high):
        yield low, edge
        low = edge


def _of(fee: Fee, capital: int) -> Fraction:
    return Fraction(capital * fee.share.numerator, fee.share.denominator) + fee.share.plus
