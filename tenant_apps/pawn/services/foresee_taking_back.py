"""What taking a payment back would lead to: read before it is confirmed, and done by `take_back`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from guichet.kernel.money import ZERO, Money, total
from tenant_apps.pawn.domain.operations import OperationKind, Source
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.domain.states import State, state_by_date
from tenant_apps.pawn.domain.taking_back import ASIDE, Lost, Paid, Refusal, why_not_take_back
from tenant_apps.pawn.domain.tariffs.debt import debt
from tenant_apps.pawn.loans import as_redeemed, loan_of, still_done, tariff_of_contract
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.services.charged_since import charged_twice
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.payments.selectors import lost_of
from tenants.policy.current import current_policy

# What says where the term and the time beside the grace come from.
_OF_THE_TERM = (OperationKind.PROLONGED, OperationKind.EXTRA_TIME)


class NoSuchOperationError(LookupError):
    """There is none of that number, or it is of another contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A contract once the payment is taken back. `owed`: what would redeem it that day."""

    state: State
    term: date
    extra_until: date | None
    capital: Money
    announced_on: date | None
    sale_on: date | None
    sale_requested: bool
    owed: Money


def operation_of(*, contract: Contract, uuid: UUID) -> Operation:
    """With its contract. Raises NoSuchOperationError."""
    found = Operation.objects.select_related("contract").filter(contract=contract, uuid=uuid).first()
    if found is None:
        raise NoSuchOperationError
    return found


def why_not(
    *, operation: Operation, history: Collection[Operation], on: date, lost: Lost | None
) -> Refusal | None:
    """`history`: all of the contract's. No query."""
    if operation.contract.mirrored:
        return Refusal(WhyNot.MIRRORED)
    since = sorted((each for each in still_done(history) if each.pk > operation.pk), key=lambda each: each.pk)
    paid = Paid(
        kind=OperationKind(operation.kind),
        source=Source(operation.source),
        day=timezone.localdate(operation.at),
        amount=operation.amount,
        taken_back=any(each.takes_back_id == operation.pk for each in history),
        since=[OperationKind(each.kind) for each in since],
        lost=lost,
    )
    return why_not_take_back(paid=paid, on=on)


def lost_by(*, operation: Operation) -> Lost | None:
    """None of what was not paid by card. Two queries at most."""
    if operation.payment is None:
        return None
    again = Operation.objects.filter(payment=operation.payment, taken_back_by__isnull=False)
    return Lost(
        amount=lost_of(payment=operation.payment),
        owed_again=total(again.values_list("amount", flat=True)),
    )


def payment_to_take_back(*, contract: Contract, history: Collection[Operation], on: date) -> Operation | None:
    """That which may be taken back now: the last that changed the contract. Two queries at most."""
    last = max(
        (each for each in still_done(history) if OperationKind(each.kind) not in ASIDE),
        key=lambda each: each.pk,
        default=None,
    )
    if last is None:
        return None
    last.contract = contract
    refusal = why_not(operation=last, history=history, on=on, lost=lost_by(operation=last))
    return None if refusal else last


def foresee_taking_back(*, operation: Operation, on: date) -> Restored:
    """Raises NotPossibleError."""
    contract = operation.contract
    history = list(Operation.objects.filter(contract=contract).order_by("id"))
    if refusal := why_not(operation=operation, history=history, on=on, lost=lost_by(operation=operation)):
        raise NotPossibleError(refusal.why, followed=refusal.followed)
    before = [each for each in still_done(history) if each.pk != operation.pk]
    term = operation.term_before or contract.due_on
    for_sale = operation.source == Source.COUNTER and operation.sale_stopped is not None
    by_date = state_by_date(term=term, on=on, due_for=current_policy().pawn.due_for)
    state = State.FOR_SALE if for_sale else by_date
    return Restored(
        state=state,
        term=term,
        extra_until=_extra_until(before),
        capital=(contract.capital or ZERO) + operation.capital,
        announced_on=_announced_on(before) if for_sale else None,
        sale_on=operation.sale_stopped if for_sale else None,
        sale_requested=operation.sale_requested and for_sale,
        owed=_owed(operation, state, on),
    )


def _extra_until(before: Sequence[Operation]) -> date | None:
    """That which was given since the term was agreed."""
    return next((each.until for each in reversed(before) if each.kind in _OF_THE_TERM), None)


def _announced_on(before: Sequence[Operation]) -> date | None:
    return next((each.on for each in reversed(before) if each.kind == OperationKind.ANNOUNCED), None)


def _owed(operation: Operation, state: State, on: date) -> Money:
    contract = operation.contract
    tariff, twice = tariff_of_contract(contract=contract), charged_twice(paid=operation)
    loan = loan_of(contract=contract, without={each.pk for each in twice}, unpaid=[operation.pk])
    return debt(tariff=tariff, loan=as_redeemed(loan=loan, state=state, tariff=tariff, on=on), on=on).total
