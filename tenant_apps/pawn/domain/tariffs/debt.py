"""What a loan owes on a day, what may be done with it, and what it would cost: the door to the engine.

    loan = Loan(lent=Money.of(1000), start=date(2026, 1, 15), term=date(2026, 7, 15))
    debt(tariff=tariff, loan=loan, on=day).total          redemption: this pays everything
    total_owed(tariff=tariff, loan=loan, on=day)          the same sum alone, for lists
    prolongation(tariff=tariff, loan=loan, on=day, months=6)
    part_payment(tariff=tariff, loan=loan, on=day, paid=Money.of(300))
    simulate(tariff=tariff, capital=Money.of(1000), start=day, months=6)

Nothing is changed: `.after` of a prolongation or a part-payment is the loan once it is paid.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from guichet.kernel.money import ZERO, Money
from tenant_apps.pawn.domain.law import LONGEST_MONTHS
from tenant_apps.pawn.domain.tariffs.account import Account
from tenant_apps.pawn.domain.tariffs.lines import Debt, Kind, Line
from tenant_apps.pawn.domain.tariffs.loan import ActDone, Loan, PaidDown, Prolonged
from tenant_apps.pawn.domain.tariffs.months import add_months
from tenant_apps.pawn.domain.tariffs.taeg import taeg
from tenant_apps.pawn.domain.tariffs.tariff import Tariff


class Refusal(Enum):
    """Why something cannot be done: words are made by the presentation."""

    AMOUNT_NOT_OFFERED = "amount_not_offered"
    """Below the least amount, above the greatest, or between two steps."""
    MONTHS_NOT_OFFERED = "months_not_offered"
    BEYOND_TWO_YEARS = "beyond_two_years"
    NOT_LATER = "not_later"
    """The new term would not be later than both the old one and the day."""
    OUT_OF_ORDER = "out_of_order"
    """Something that happened later is already known."""
    BELOW_CHARGES = "below_charges"
    """Interest and fees come first (Code civil 1343-1): the sum does not reach the capital."""
    REDEEMS = "redeems"
    """The sum would pay everything: that is a redemption."""


class RefusedError(ValueError):
    """`refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Prolongation:
    """What is to be paid that day for a new term."""

    on: date
    until: date
    lines: tuple[Line, ...]
    """Without the capital."""
    after: Loan

    @property
    def to_pay(self) -> Money:
        return Money(sum(line.amount.cents for line in self.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPayment:
    """Where a payment goes: first to what is due besides the capital."""

    on: date
    lines: tuple[Line, ...]
    """The charges that it pays."""
    capital: Money
    """How much of the capital it pays."""
    after: Loan

    @property
    def charges(self) -> Money:
        return Money(sum(line.amount.cents for line in self.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A loan that runs to its term."""

    loan: Loan
    months: int
    handed_over: Money
    """The capital less what is withheld."""
    withheld: tuple[Line, ...]
    debt: Debt
    """At the term."""
    compulsory: tuple[Line, ...]
    """Fees per act without which the loan is not had."""
    paid: Money
    """At the term: the debt and the compulsory fees."""
    cost: Money
    """All that the loan costs."""
    taeg: Decimal
    """In per cent, not rounded."""


def account_of(*, tariff: Tariff, loan: Loan, on: date) -> Account:
    """The loan as it stands at the end of that day."""
    account = Account(tariff, loan)
    for event in loan.events:
        if event.on <= on:
            account.take(event)
    return account


def debt(*, tariff: Tariff, loan: Loan, on: date) -> Debt:
    """What pays everything on that day. What happens later is not known yet."""
    account = account_of(tariff=tariff, loan=loan, on=on)
    capital = Line(Kind.CAPITAL, Money(account.capital), loan.start, on)
    return Debt(on, account.term, (capital, *account.charges(on)))


def total_owed(*, tariff: Tariff, loan: Loan, on: date) -> Money:
    """The total of `debt` without its lines, for who asks of many loans: the same to the cent, for half the work."""
    return Money(account_of(tariff=tariff, loan=loan, on=on).owed(on))


def prolongation(*, tariff: Tariff, loan: Loan, on: date, months: int) -> Prolongation:
    """Raises RefusedError."""
    rules = tariff.document.prolongation
    _in_order(loan, on)
    if months not in rules.months:
        raise RefusedError(Refusal.MONTHS_NOT_OFFERED)
    account = account_of(tariff=tariff, loan=loan, on=on)
    until = _until(loan, account.term if rules.runs_from == "term" else on, months)
    if until > add_months(loan.start, LONGEST_MONTHS):
        raise RefusedError(Refusal.BEYOND_TWO_YEARS)
    if until <= max(account.term, on):
        raise RefusedError(Refusal.NOT_LATER)
    again = [account.fee_line(fee, on, on) for fee in tariff.fees if fee.withheld and fee.repeats]
    return Prolongation(
        on=on,
        until=until,
        lines=(*account.charges(on), *(line for line in again if line.amount)),
        after=loan.after(Prolonged(on=on, until=until)),
    )


def part_payment(*, tariff: Tariff, loan: Loan, on: date, paid: Money) -> PartPayment:
    """Raises RefusedError."""
    _in_order(loan, on)
    owed = debt(tariff=tariff, loan=loan, on=on)
    if paid <= owed.charges:
        raise RefusedError(Refusal.BELOW_CHARGES)
    if paid >= owed.total:
        raise RefusedError(Refusal.REDEEMS)
    capital = paid - owed.charges
    charges = tuple(line for line in owed.lines if line.kind is not Kind.CAPITAL)
    after = loan.after(PaidDown(on=on, capital=capital))
    return PartPayment(on=on, lines=charges, capital=capital, after=after)


def simulate(*, tariff: Tariff, capital: Money, start: date, months: int) -> Simulation:
    """Raises RefusedError."""
    _offered(tariff, capital, months)
    loan = Loan(lent=capital, start=start, term=add_months(start, months))
    account = Account(tariff, loan)
    owed = Line(Kind.CAPITAL, capital, start, loan.term)
    found = Debt(loan.term, loan.term, (owed, *account.charges(loan.term)))
    withheld = _withheld(tariff, account) if tariff.withholds else ()
    compulsory = _compulsory(tariff, loan) if tariff.compulsory else ()
    handed_over, paid = capital - _sum(withheld), found.total + _sum(compulsory)
    return Simulation(
        loan=loan,
        months=months,
        handed_over=handed_over,
        withheld=withheld,
        debt=found,
        compulsory=compulsory,
        paid=paid,
        cost=paid - handed_over,
        taeg=taeg(handed_over=handed_over, paid=paid, months=months),
    )


def _withheld(tariff: Tariff, account: Account) -> tuple[Line, ...]:
    start = account.loan.start
    lines = (account.fee_line(fee, start, start) for fee in tariff.fees if fee.withheld)
    return tuple(line for line in lines if line.amount)


def _compulsory(tariff: Tariff, loan: Loan) -> tuple[Line, ...]:
    account = Account(tariff, loan)
    return tuple(account.act_line(ActDone(on=loan.term, act=act)) for act in tariff.compulsory)


def _sum(lines: tuple[Line, ...]) -> Money:
    return Money(sum(line.amount.cents for line in lines)) if lines else ZERO


def _offered(tariff: Tariff, capital: Money, months: int) -> None:
    amounts = tariff.document.amounts
    if months not in tariff.document.months:
        raise RefusedError(Refusal.MONTHS_NOT_OFFERED)
    if not amounts.least <= capital <= amounts.greatest or capital.cents % amounts.step.cents:
        raise RefusedError(Refusal.AMOUNT_NOT_OFFERED)


def _until(loan: Loan, since: date, months: int) -> date:
    """Counted from the loan where that falls on the same day: 31 August and two half-years are 31 August again."""
    passed = (since.year - loan.start.year) * 12 + since.month - loan.start.month
    if add_months(loan.start, passed) == since:
        return add_months(loan.start, passed + months)
    return add_months(since, months)


def _in_order(loan: Loan, on: date) -> None:
    if on < loan.start or any(event.on > on for event in loan.events):
        raise RefusedError(Refusal.OUT_OF_ORDER)
