"""A contract of ours as the tariff's engine and the rules of the law know it, read from its history."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q

from guichet.kernel.money import ZERO, Money
from tenant_apps.pawn.domain.law import MetalValue, last_term
from tenant_apps.pawn.domain.operations import OperationKind
from tenant_apps.pawn.domain.possible import BlockKind, Facts
from tenant_apps.pawn.domain.states import ENDED, State, state_by_date
from tenant_apps.pawn.domain.tariffs.debt import debt
from tenant_apps.pawn.domain.tariffs.lines import Debt
from tenant_apps.pawn.domain.tariffs.loan import ActDone, Event, Loan, PaidDown, Prolonged, in_order
from tenant_apps.pawn.domain.tariffs.tariff import Tariff
from tenant_apps.pawn.models import ActCharged, Contract, Operation
from tenant_apps.pawn.tariffs.selectors import computed
from tenants.policy.document import Policy

SALE_WITHDRAWAL = "sale_withdrawal"
"""What the tariff calls it."""
OF_THE_LOAN = (OperationKind.PROLONGED, OperationKind.PAID_DOWN)
"""What of the history changes what is owed, besides what was charged."""
TELLS_DEBT = (*OF_THE_LOAN, OperationKind.TAKEN_BACK)
"""And what undoes it."""


def tariff_of_contract(*, contract: Contract) -> Tariff:
    """That which was signed, ready to compute with. Not of a mirrored contract."""
    if contract.tariff is None:
        raise TypeError("a mirrored contract has no tariff here")
    return computed(uuid=contract.tariff.uuid)


def loan_behind(*, operation: Operation) -> Loan:
    """The loan as it was once that was done, whatever has happened since. Three queries."""
    contract = operation.contract
    done = _of_the_loan(contract.operations.filter(pk__lte=operation.pk, kind__in=TELLS_DEBT))
    # What was charged anew behind a payment, whose price had been promised before, is of its moment.
    charged = contract.charges.filter(Q(operation__lte=operation.pk) | Q(operation__at=operation.at))
    return _loan(contract, done, charged)


def loan_of(*, contract: Contract, without: Collection[int] = (), unpaid: Collection[int] = ()) -> Loan:
    """With everything that happened, in its order, but for the charges of the keys `without` and the payments of the
    keys `unpaid`. No query where the history was fetched with the contract.
    """
    done = [each for each in _of_the_loan(contract.operations.all()) if each.pk not in unpaid]
    return _loan(contract, done, [each for each in contract.charges.all() if each.pk not in without])


def still_done(operations: Iterable[Operation]) -> list[Operation]:
    """Of one contract: without what was taken back, nor what takes it back."""
    found = list(operations)
    gone = {each.takes_back_id for each in found}
    return [each for each in found if each.pk not in gone and each.kind != OperationKind.TAKEN_BACK]


def _of_the_loan(operations: Iterable[Operation]) -> list[Operation]:
    return [each for each in still_done(operations) if each.kind in OF_THE_LOAN]


def _loan(contract: Contract, done: Iterable[Operation], charged: Iterable[ActCharged]) -> Loan:
    if contract.first_term is None:
        raise TypeError("a mirrored contract has no history here")
    dated: list[tuple[int, int, Event]] = [(each.pk, 1, _event(each)) for each in done]
    dated += [(each.operation_id, 2, _charge(each)) for each in charged]
    return Loan(
        lent=contract.amount_lent, start=contract.opened_on, term=contract.first_term, events=in_order(dated)
    )


def _event(operation: Operation) -> Event:
    if operation.term_after is not None:
        return Prolonged(on=operation.on, until=operation.term_after)
    return PaidDown(on=operation.on, capital=operation.capital)


def _charge(charge: ActCharged) -> Event:
    return ActDone(on=charge.on, act=charge.act, extra=charge.extra)


def debt_of(*, contract: Contract, on: date) -> Debt | None:
    """What pays everything that day; None of a mirrored contract, and of one that has ended.

    An announced sale that has to be stopped costs what the tariff says of it.
    """
    if contract.mirrored or contract.state in ENDED:
        return None
    tariff = tariff_of_contract(contract=contract)
    loan = as_redeemed(loan=loan_of(contract=contract), state=contract.state, tariff=tariff, on=on)
    return debt(tariff=tariff, loan=loan, on=on)


def as_redeemed(*, loan: Loan, state: str, tariff: Tariff, on: date) -> Loan:
    """With what it costs to stop an announced sale."""
    if state == State.FOR_SALE and SALE_WITHDRAWAL in tariff.acts:
        return loan.after(ActDone(on=on, act=SALE_WITHDRAWAL))
    return loan


def sum_due(*, contract: Contract, on: date) -> Money:
    """For ours as computed for that day, for a mirrored one as its own system last said."""
    if contract.mirrored:
        return contract.amount_due or ZERO
    found = debt_of(contract=contract, on=on)
    return found.total if found else ZERO


def facts_of(*, contract: Contract, on: date, policy: Policy) -> Facts:
    """What `domain.possible` asks about. Four queries at most, none where all was fetched with the contract."""
    state = State(contract.state)
    if not contract.mirrored and state not in ENDED and state is not State.FOR_SALE:
        state = state_by_date(term=contract.due_on, on=on, due_for=policy.pawn.due_for)
    sale = getattr(contract, "sale", None) if state in ENDED else None
    return Facts(
        state=state,
        mirrored=contract.mirrored,
        opened_on=contract.opened_on,
        term=contract.due_on,
        last_term=last_term(opened_on=contract.opened_on),
        sale_from=contract.sale_on,
        boni_until=sale.lapses_on if sale else None,
        fetched=state is State.REDEEMED and getattr(contract, "handover", None) is not None,
        grace=policy.pawn.grace,
        extra_until=contract.extra_until,
        new_goods=any(each.is_new for each in contract.objects_pledged.all()),
        blocks=frozenset(BlockKind(each.kind) for each in contract.blocks.all() if each.until is None),
    )


def metal_value(
    *, metal: str, grams: Decimal | None, fineness: int | None, on: date, policy: Policy
) -> MetalValue | None:
    """None where the caisse has said no price of that metal, or the object's weight is not known."""
    price = policy.pawn.metal_price(metal=metal, on=on)
    if price is None or grams is None or fineness is None:
        return None
    return MetalValue(grams=grams, fineness=fineness, price=price)
