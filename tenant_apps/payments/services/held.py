"""What the agency does with a sum that was paid and could not serve: try again, or give it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.journal.record import record
from tenant_apps.payments.domain.states import DisputeState, LineState, PaymentState
from tenant_apps.payments.models import Payment, PaymentLine
from tenant_apps.payments.selectors import NoSuchPaymentError
from tenant_apps.payments.services.ask_refund import ask_refund
from tenant_apps.payments.services.notices import tell_of_used
from tenant_apps.payments.services.settle_payment import apply_line


class DisputedError(RuntimeError):
    """The bank of whoever paid has taken the sum back, or may: given back here, it would go twice. Nothing was done."""


@transaction.atomic
def refund_held(*, payment: UUID, position: int, by: UUID, reason: str, now: datetime) -> bool:
    """Whether it was still held: two colleagues give it back once. Raises NoSuchPaymentError, DisputedError."""
    found, line = _locked(payment, position)
    if line.state != LineState.HELD:
        return False
    _refuse_disputed(found)
    ask_refund(payment=found, lines=[line], reason=reason, by=by, now=now)
    return True


@transaction.atomic
def apply_held(*, payment: UUID, position: int, by: UUID, reason: str, now: datetime) -> bool:
    """Whether it serves now as it was meant to. Raises NoSuchPaymentError, DisputedError."""
    found, line = _locked(payment, position)
    if line.state != LineState.HELD:
        return False
    _refuse_disputed(found)
    why = apply_line(line=line, payment=found)
    if why:
        line.reason = why
        line.save(update_fields=["reason"])
        return False
    line.state, line.reason = LineState.APPLIED, ""
    line.save(update_fields=["state", "reason"])
    if not found.lines.exclude(state__in=[LineState.APPLIED, LineState.DROPPED]).exists():
        found.state = PaymentState.APPLIED
        found.save(update_fields=["state"])
    record(
        kind="payment.held_applied",
        at=now,
        subject=str(found.client.uuid),
        payment=str(found.uuid),
        amount=str(line.amount),
        by=str(by),
        reason=reason,
    )
    tell_of_used(payment=found, line=line, now=now)
    return True


def may_decide(*, payment: Payment) -> bool:
    """Whether its sum is the caisse's. Of one that the bank has taken back in part, the agency decides on the rest."""
    lost_whole = payment.dispute == DisputeState.LOST and payment.disputed == payment.captured
    return payment.dispute != DisputeState.OPEN and not lost_whole


def _refuse_disputed(payment: Payment) -> None:
    if not may_decide(payment=payment):
        raise DisputedError


def _locked(payment: UUID, position: int) -> tuple[Payment, PaymentLine]:
    """The payment first, as everybody locks them."""
    rows = Payment.objects.select_for_update(of=("self",)).select_related("client")
    found = rows.filter(uuid=payment).first()
    if found is None:
        raise NoSuchPaymentError
    line = found.lines.select_for_update().filter(position=position).first()
    if line is None:
        raise NoSuchPaymentError
    return found, line
