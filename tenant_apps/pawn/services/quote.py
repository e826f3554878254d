"""What an act costs on a day, line by line, and whether it may be done. Nothing is changed."""

from dataclasses import dataclass
from datetime import date, datetime

from guichet.kernel.money import Money, total
from tenant_apps.pawn.domain.possible import Act, Possibility, WhyNot, possible
from tenant_apps.pawn.domain.tariffs.debt import RefusedError, debt, part_payment, prolongation
from tenant_apps.pawn.domain.tariffs.lines import Kind, Line
from tenant_apps.pawn.domain.tariffs.loan import Loan
from tenant_apps.pawn.domain.tariffs.tariff import Tariff
from tenant_apps.pawn.loans import as_redeemed, facts_of, loan_of, tariff_of_contract
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.charged_since import charged_since
from tenant_apps.pawn.services.errors import NotPossibleError
from tenants.policy.current import current_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """`lines` come to `total`. `until`: the new term, of a prolongation; `after`: the loan once it is paid."""

    act: Act
    on: date
    lines: tuple[Line, ...]
    total: Money
    until: date | None = None
    after: Loan | None = None


def may(*, contract: Contract, act: Act, on: date) -> Possibility:
    """By the law and the state alone."""
    return possible(act=act, facts=facts_of(contract=contract, on=on, policy=current_policy()), on=on)


def refuse_unless_possible(*, contract: Contract, act: Act, on: date) -> None:
    """Raises NotPossibleError."""
    found = may(contract=contract, act=act, on=on)
    if found.why_not is not None:
        raise NotPossibleError(found.why_not, since=found.since)


def quote_contract(
    *,
    contract: Contract,
    act: Act,
    on: date,
    months: int | None = None,
    amount: Money | None = None,
    as_of: datetime | None = None,
) -> Quote:
    """To prolong by `months`, to pay `amount` in part, or to redeem. Raises NotPossibleError.

    `as_of`: when the price is, or was, promised; what the clock has charged since is none of it.
    """
    refuse_unless_possible(contract=contract, act=act, on=on)
    since = [each.pk for each in charged_since(contract=contract, since=as_of)]
    tariff, loan = tariff_of_contract(contract=contract), loan_of(contract=contract, without=since)
    refuse_out_of_order(loan=loan, on=on)
    try:
        return _QUOTED[act](tariff, loan, on, contract, months, amount)
    except RefusedError as error:
        raise NotPossibleError(WhyNot(error.refusal.value)) from error


def refuse_out_of_order(*, loan: Loan, on: date) -> None:
    """A card that was charged before what is known by now comes too late. Raises NotPossibleError."""
    if on < loan.start or any(event.on > on for event in loan.events):
        raise NotPossibleError(WhyNot.OUT_OF_ORDER)


def _prolong(
    tariff: Tariff, loan: Loan, on: date, _contract: Contract, months: int | None, _amount: Money | None
) -> Quote:
    found = prolongation(tariff=tariff, loan=loan, on=on, months=months or 0)
    return Quote(
        act=Act.PROLONG, on=on, lines=found.lines, total=found.to_pay, until=found.until, after=found.after
    )


def _pay_part(
    tariff: Tariff, loan: Loan, on: date, _contract: Contract, _months: int | None, amount: Money | None
) -> Quote:
    found = part_payment(tariff=tariff, loan=loan, on=on, paid=amount or Money())
    lines = (*found.lines, Line(Kind.CAPITAL, found.capital, on, on))
    return Quote(act=Act.PAY_PART, on=on, lines=lines, total=total(each.amount for each in lines))


def _redeem(
    tariff: Tariff, loan: Loan, on: date, contract: Contract, _months: int | None, _amount: Money | None
) -> Quote:
    ended = as_redeemed(loan=loan, state=contract.state, tariff=tariff, on=on)
    found = debt(tariff=tariff, loan=ended, on=on)
    return Quote(act=Act.REDEEM, on=on, lines=found.lines, total=found.total)


_QUOTED = {Act.PROLONG: _prolong, Act.PAY_PART: _pay_part, Act.REDEEM: _redeem}


def quote_received(
    *,
    contract: Contract,
    act: Act,
    on: date,
    paid: Money,
    months: int | None = None,
    as_of: datetime | None = None,
) -> Quote:
    """The quote of that day, for money that is here already. Raises NotPossibleError."""
    amount = paid if act is Act.PAY_PART else None
    found = quote_contract(contract=contract, act=act, on=on, months=months, amount=amount, as_of=as_of)
    if found.total != paid:
        raise NotPossibleError(WhyNot.WRONG_AMOUNT, due=found.total)
    return found
