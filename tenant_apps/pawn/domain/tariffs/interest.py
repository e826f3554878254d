"""The interest of a loan, from one payment to the next."""

from dataclasses import dataclass, field
from datetime import date

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.lines import Kind, Line
from tenant_apps.pawn.domain.tariffs.tariff import Step, Tariff


@dataclass(slots=True)
class Interest:
    """Counted from the loan, periods and roundings go on through payments; else they begin anew with each."""

    tariff: Tariff
    start: date
    paid_to: date = field(init=False)
    anchor: date = field(init=False)
    """From where periods are counted."""
    counted: int = 0
    """Periods since the anchor that are paid."""
    exact: int = 0
    """What these make, over the tariff's denominator, before any rounding."""
    said: int = 0
    """What was paid for them, in cents, with what a minimum added."""
    begun: bool = False
    """Periods have begun anew: the least is not owed again on the very day of the payment."""

    def __post_init__(self) -> None:
        self.paid_to = self.anchor = self.start

    def periods(self, end: date) -> int:
        """Since the anchor, paid or not."""
        periods = self.tariff.count(self.anchor, end)
        if periods < self.tariff.counting.least_periods and (not self.begun or end > self.anchor):
            return self.tariff.counting.least_periods
        return periods

    def lines(self, *, basis: int, capital: int, end: date) -> list[Line]:
        """One line a bracket: each is what it adds to the rounded sum, so that they add up to it."""
        tariff, lines = self.tariff, []
        periods, exact, said = self.periods(end) - self.counted, self.exact, self.said
        parts = tariff.parts(basis=basis, capital=capital)
        least = bool(tariff.counting.least_periods) and tariff.count(self.anchor, end) < self.periods(end)
        for step, cents in parts if periods > 0 else ():
            exact += self._exactly(step, cents, periods)
            # A minimum that was paid before covers what comes after it.
            now = max(tariff.rounder(exact, tariff.denominator), said)
            lines.append(
                Line(
                    Kind.INTEREST,
                    Money(now - said),
                    self.paid_to,
                    end,
                    Money(cents),
                    step.rate,
                    step.rate_per,
                    periods,
                    tariff.counting.period,
                    least=least,
                    counted=self.counted,
                )
            )
            said = now
        missing = tariff.counting.least_sum.cents - said
        if missing > 0 and parts and (not self.begun or end > self.anchor):
            lines.append(
                Line(Kind.MINIMUM, Money(missing), self.paid_to, end, base=tariff.counting.least_sum)
            )
        return lines

    def owed(self, *, basis: int, capital: int, end: date) -> int:
        """What `lines` come to, in cents: each is what it adds to one rounded sum, which the last of them says."""
        tariff, now = self.tariff, self.said
        parts, periods = tariff.parts(basis=basis, capital=capital), self.periods(end) - self.counted
        if parts and periods > 0:
            exact = self.exact + sum([self._exactly(step, cents, periods) for step, cents in parts])
            now = max(tariff.rounder(exact, tariff.denominator), now)
        if parts and (not self.begun or end > self.anchor):
            now = max(now, tariff.counting.least_sum.cents)
        return now - self.said

    def _exactly(self, step: Step, cents: int, periods: int) -> int:
        if self.tariff.each_period:
            return (
                self.tariff.rounder(cents * step.weight, self.tariff.denominator)
                * periods
                * self.tariff.denominator
            )
        return cents * step.weight * periods

    def settle(self, *, basis: int, capital: int, end: date) -> None:
        """What `lines` says is paid."""
        if self.tariff.counting.periods_from == "payment":
            self._anew(end)
            return
        self.said += sum(line.amount.cents for line in self.lines(basis=basis, capital=capital, end=end))
        periods = self.periods(end)
        for step, cents in self.tariff.parts(basis=basis, capital=capital):
            self.exact += self._exactly(step, cents, periods - self.counted)
        self.counted = periods
        self.paid_to = end

    def skip(self, day: date) -> None:
        """No interest runs between what is paid and that day."""
        if self.tariff.counting.periods_from == "payment":
            self._anew(day)
            return
        self.counted = max(self.counted, self.tariff.count(self.anchor, day))
        self.paid_to = day

    def _anew(self, day: date) -> None:
        self.paid_to = self.anchor = day
        self.begun = True
