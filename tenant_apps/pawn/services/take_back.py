"""Take back a payment that was recorded by mistake, or that a bank has back. The history keeps both.

A mistake is mended the same day, while its till is open; what the bank of whoever paid has back is owed again as long
as the caisse holds the objects. Neither once something has followed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, override

from tenant_apps.agencies.cancel_appointment import cancel_by_agency
from tenant_apps.agencies.models import Appointment, Kind
from tenant_apps.agencies.selectors import booked_since
from tenant_apps.pawn.domain.operations import Means, OperationKind, Origin, Part
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.models import Contract, Operation, Waiver
from tenant_apps.pawn.services.charged_since import charged_twice
from tenant_apps.pawn.services.doing import (
    Asked,
    Done,
    Moved,
    change,
    done_before,
    follow_calendar,
    locked_contract,
    write_operation,
)
from tenant_apps.pawn.services.foresee_taking_back import Restored, foresee_taking_back, operation_of
from tenant_apps.pawn.services.receipt_numbers import RECEIVED as RECEIPTS
from tenant_apps.pawn.services.receipt_numbers import next_receipt
from tenant_apps.pawn.tell_taken_back import tell_of_taking_back
from tenant_apps.payments.services.keep_still import keep_still

OTHER = "other"
"""The reason of an appointment that is cancelled, which its words say."""


@transaction.atomic
def take_back(
    *,
    contract: Contract,
    paid: UUID,
    reason: str,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
) -> Done:
    """`paid`: the number of the payment. What was given at the counter goes back by the means that it came by.

    Raises NoSuchOperationError, NotPossibleError, OperationReusedError.
    """
    payment = operation_of(contract=contract, uuid=paid)
    asked = Asked(
        kind=OperationKind.TAKEN_BACK,
        operation=operation,
        content=(paid, reason),
        origin=replace(origin, means=Means(payment.means) if payment.means else None),
        on=on,
        now=now,
    )
    if payment.payment:
        keep_still(payment=payment.payment)
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    payment.contract = locked
    restored, twice = foresee_taking_back(operation=payment, on=on), charged_twice(paid=payment)
    _restore(locked, payment, restored, on=on, now=now)
    if origin.by is not None:
        _cancel_appointments(payment, by=origin.by, now=now)
    done = _write(locked, asked, payment, reason)
    Waiver.objects.bulk_create(Waiver(charge=each, operation=done) for each in twice)
    tell_of_taking_back(operation=done, restored=restored, now=now)
    return Done(contract=locked, operation=done)


def _write(contract: Contract, asked: Asked, payment: Operation, reason: str) -> Operation:
    return write_operation(
        contract=contract,
        asked=asked,
        moved=[
            Moved(part=Part(each.part), act=each.act, amount=-each.amount)
            for each in payment.lines.order_by("position")
        ],
        columns={
            "takes_back": payment,
            "receipt": next_receipt(on=asked.on, letter=RECEIPTS) if payment.receipt else "",
        },
        reason=reason,
        taken=str(payment.uuid),
    )


def _restore(contract: Contract, payment: Operation, restored: Restored, *, on: date, now: datetime) -> None:
    """From a redemption at once to where it stands; otherwise by each state that the calendar has reached."""
    columns: Mapping[str, Any] = {
        "due_on": restored.term,
        "extra_until": restored.extra_until,
        "capital": restored.capital,
        "announced_on": restored.announced_on,
        "sale_on": restored.sale_on,
        "sale_requested": restored.sale_requested,
    }
    redeemed = payment.kind == OperationKind.REDEEMED
    change(contract=contract, state=restored.state if redeemed else State(contract.state), **columns)
    follow_calendar(contract=contract, on=on, now=now)


def appointments_to_cancel(*, payment: Operation, now: datetime) -> list[Appointment]:
    """To fetch what would not be paid any more: what was booked since. One query, and none of what redeems nothing."""
    if payment.kind != OperationKind.REDEEMED:
        return []
    return booked_since(about=payment.contract.uuid, kind=Kind.REDEEM, since=payment.at, now=now)


def _cancel_appointments(payment: Operation, *, by: UUID, now: datetime) -> None:
    """The client is told why."""
    with override(payment.contract.client.language):
        words = gettext("Le remboursement de ce contrat n’est plus valable : l’objet ne peut pas être rendu.")
    for appointment in appointments_to_cancel(payment=payment, now=now):
        cancel_by_agency(uuid=appointment.uuid, reason=OTHER, words=words, by=by, now=now)
