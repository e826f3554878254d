"""A loan followed from its start, event by event: what has been paid, and what a day would add."""

from dataclasses import dataclass, field
from datetime import date

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.interest import Interest
from tenant_apps.pawn.domain.tariffs.lines import Kind, Line
from tenant_apps.pawn.domain.tariffs.loan import ActDone, Event, Loan, PaidDown, Prolonged
from tenant_apps.pawn.domain.tariffs.months import started_months
from tenant_apps.pawn.domain.tariffs.tariff import ActCost, Fee, LateStep, Tariff


class UnknownActError(LookupError):
    """The tariff has no fee for this act."""


@dataclass(slots=True)
class Account:
    """`Account(tariff, loan)` stands at the loan's start; `take` plays one event, `charges` asks of a day.

    Sums are whole cents in here.
    """

    tariff: Tariff
    loan: Loan
    capital: int = field(init=False)
    term: date = field(init=False)
    interest: Interest = field(init=False)
    penalty_paid: int = 0
    """Of the present term."""
    fees_due: list[tuple[date, Fee]] = field(init=False)
    fee_periods_paid: dict[int, int] = field(default_factory=dict)
    """By the place of the fee in the tariff."""
    acts_due: list[ActDone] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.capital, self.term = self.loan.lent.cents, self.loan.term
        self.interest = Interest(self.tariff, self.loan.start)
        self.fees_due = [(self.loan.start, fee) for fee in self.tariff.fees if fee.opens]

    @property
    def basis(self) -> int:
        """What brackets and the free amount look at."""
        return self.loan.lent.cents if self.tariff.by_lent else self.capital

    def take(self, event: Event) -> None:
        """A payment pays all charges of its day."""
        if isinstance(event, ActDone):
            self.acts_due.append(event)
            return
        self._settle(event.on)
        if isinstance(event, PaidDown):
            self.capital -= event.capital.cents
        else:
            self._prolong(event)

    def _settle(self, on: date) -> None:
        self.penalty_paid += sum(line.amount.cents for line in self.charges(on) if line.kind is Kind.PENALTY)
        self.interest.settle(basis=self.basis, capital=self.capital, end=self._runs_to(on))
        for place, fee in enumerate(self.tariff.fees):
            if fee.every_months:
                self.fee_periods_paid[place] = self._fee_periods(fee, on)
        self.fees_due.clear()
        self.acts_due.clear()

    def _prolong(self, event: Prolonged) -> None:
        if self.tariff.document.prolongation.runs_from == "payment" and event.on > self.term:
            self.interest.skip(event.on)
        self.term, self.penalty_paid = event.until, 0
        self.fees_due = [(event.on, fee) for fee in self.tariff.fees if fee.opens and fee.repeats]

    def charges(self, on: date) -> list[Line]:
        """All that is due that day but the capital."""
        lines = self.interest.lines(basis=self.basis, capital=self.capital, end=self._runs_to(on))
        interest = sum([line.amount.cents for line in lines])
        if self.tariff.fees:
            lines += self._fees(on)
        if on > self.term:
            lines += self._penalty(on, interest)
        if self.acts_due:
            lines += [self.act_line(done) for done in self.acts_due]
        return lines

    def owed(self, on: date) -> int:
        """What the capital and `charges` come to, in cents, without the lines that explain it."""
        owed = self.interest.owed(basis=self.basis, capital=self.capital, end=self._runs_to(on))
        if on > self.term:
            owed += self._late(on, owed)[1]
        for _day, fee in self.fees_due:
            owed += self._fee(fee, 1)
        for place, fee in enumerate(self.tariff.fees):
            if fee.every_months:
                owed += self._fee(fee, self._fee_periods(fee, on) - self.fee_periods_paid.get(place, 0))
        return self.capital + owed + sum([self._act(done) for done in self.acts_due])

    def _runs_to(self, on: date) -> date:
        return on if self.tariff.counting.after_term else min(on, self.term)

    def _fees(self, on: date) -> list[Line]:
        lines = [self.fee_line(fee, day, day) for day, fee in self.fees_due]
        for place, fee in enumerate(self.tariff.fees):
            if fee.every_months:
                periods = self._fee_periods(fee, on) - self.fee_periods_paid.get(place, 0)
                lines.append(self.fee_line(fee, self.interest.paid_to, on, periods))
        return [line for line in lines if line.amount]

    def _fee_periods(self, fee: Fee, on: date) -> int:
        """A period is due once it has begun; the first one, with the loan."""
        return -(-max(started_months(self.loan.start, on), 1) // fee.every_months)

    def fee_line(self, fee: Fee, start: date, end: date, periods: int = 1) -> Line:
        """Of nothing where the fee does not apply to this loan."""
        basis, rate = self._basis_of(fee), fee.rate
        return Line(
            Kind.FIXED_FEE,
            Money(self._fee(fee, periods)),
            start,
            end,
            Money(basis) if rate else None,
            rate,
            "",
            periods if fee.every_months else 0,
        )

    def _basis_of(self, fee: Fee) -> int:
        return self.loan.lent.cents if fee.by_lent else self.capital

    def _fee(self, fee: Fee, periods: int) -> int:
        basis = self._basis_of(fee)
        applies = fee.applies(basis=basis, free=self.tariff.is_free(self.basis))
        return fee.share.of(basis, self.tariff.rounder) * periods if applies else 0

    def _late(self, on: date, interest: int) -> tuple[LateStep | None, int, int]:
        """The step that is reached, what is still to be paid of it, and of what it is a share."""
        late, days = self.tariff.late, (on - self.term).days
        step = next((step for step in self.tariff.late_steps if days >= step.from_day), None)
        if late is None or step is None or (self.tariff.is_free(self.basis) and not late.below_free):
            return None, 0, 0
        base = {
            "lent": self.loan.lent.cents,
            "rest": self.capital,
            "interest": interest,
            "rest_and_interest": self.capital + interest,
        }[late.base]
        return step, max(step.share.of(base, self.tariff.rounder) - self.penalty_paid, 0), base

    def _penalty(self, on: date, interest: int) -> list[Line]:
        step, amount, base = self._late(on, interest)
        if step is None or not amount:
            return []
        days = (on - self.term).days
        return [Line(Kind.PENALTY, Money(amount), self.term, on, Money(base), step.rate, "", days, "day")]

    def _act(self, done: ActDone) -> int:
        cost = self._cost(done)
        extra = done.extra.cents if cost.written.plus_cost else 0
        return cost.share.of(self.loan.lent.cents, self.tariff.rounder) + extra

    def _cost(self, done: ActDone) -> ActCost:
        cost = self.tariff.acts.get(done.act)
        if cost is None:
            raise UnknownActError(done.act)
        return cost

    def act_line(self, done: ActDone) -> Line:
        lent, rate = self.loan.lent, self._cost(done).written.share or None
        amount = Money(self._act(done))
        return Line(Kind.ACT, amount, done.on, done.on, lent if rate else None, rate, act=done.act)
