"""What the agency does with a sum that was paid and could not serve: try again, or give it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import Money
from tenant_apps.journal.record import record
from tenant_apps.payments.domain.reasons import BANK_TOOK, SURPLUS
from tenant_apps.payments.domain.states import LineState, PaymentState
from tenant_apps.payments.models import Payment, PaymentLine
from tenant_apps.payments.selectors import NoSuchPaymentError
from tenant_apps.payments.services.ask_refund import ask_refund
from tenant_apps.payments.services.notices import tell_of_used
from tenant_apps.payments.services.set_apart import set_apart
from tenant_apps.payments.services.settle_payment import apply_line
from tenant_apps.payments.services.unapplied import hold_or_refund
from tenant_apps.payments.still_here import still_here


class DisputedError(RuntimeError):
    """The bank of whoever paid has taken the sum back, or may: given back here, it would go twice. Nothing was done."""


@transaction.atomic
def refund_held(*, payment: UUID, position: int, by: UUID, reason: str, now: datetime) -> bool:
    """Whether it was still held: two colleagues give it back once. What a bank has taken of it stays behind.

    Raises NoSuchPaymentError, DisputedError.
    """
    found, line = _locked(payment, position)
    if line.state != LineState.HELD:
        return False
    _leave_what_the_bank_took(line)
    ask_refund(payment=found, lines=[line], reason=reason, by=by, now=now)
    return True


@transaction.atomic
def apply_held(*, payment: UUID, position: int, by: UUID, reason: str, now: datetime) -> bool:
    """Whether it serves now as it was meant to, without what a bank has taken of it.

    Raises NoSuchPaymentError, DisputedError.
    """
    found, line = _locked(payment, position)
    if line.state != LineState.HELD:
        return False
    tried = apply_line(line=line, payment=found, amount=_decidable(line))
    if tried.why:
        line.reason = tried.why
        line.save(update_fields=["reason"])
        return False
    _leave_what_the_bank_took(line)
    over = [set_apart(line=line, rest=tried.over, kind=SURPLUS)] if tried.over else []
    line.state, line.reason = LineState.APPLIED, ""
    line.save(update_fields=["state", "reason", "amount"])
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
    if over:
        hold_or_refund(payment=found, lines=over, now=now)
    return True


def _decidable(line: PaymentLine) -> Money:
    """Raises DisputedError."""
    left = still_here(line=line)
    if not left:
        raise DisputedError
    return left


def _leave_what_the_bank_took(line: PaymentLine) -> None:
    """Raises DisputedError."""
    taken = line.amount - _decidable(line)
    if taken:
        set_apart(line=line, rest=taken, kind=BANK_TOOK)


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
