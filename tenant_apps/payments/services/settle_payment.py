"""What a provider says of a payment becomes what the payment is. The money and the contracts change together.

Rows are locked in this order: the payment, its lines, what the products lock (in the order of kind and reference), the
year of the receipts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction

from guichet.kernel.money import ZERO, Money
from guichet.telemetry.failures import failed
from guichet.tenancy.enqueue import enqueue
from tenant_apps.journal.record import record
from tenant_apps.payments.domain.outcomes import Outcome, Said
from tenant_apps.payments.domain.reasons import NOBODYS, OTHER_SUM, SLIP, SURPLUS
from tenant_apps.payments.domain.states import (
    CAPTURED,
    OPEN,
    IllegalStepError,
    LineState,
    PaymentState,
    may_become,
)
from tenant_apps.payments.models import Payment, PaymentLine
from tenant_apps.payments.registry import CannotApplyError, UnknownSettlementError, settlement_of
from tenant_apps.payments.services.notices import tell_of_refused
from tenant_apps.payments.services.receipt_numbers import next_receipt
from tenant_apps.payments.services.second_capture import take_second_capture
from tenant_apps.payments.services.set_apart import set_apart
from tenant_apps.payments.services.told_early import note_disputes_told_early
from tenant_apps.payments.services.unapplied import hold_or_refund

# When a closed payment is asked about again, each since the ask before: its page may have stayed open, and the webhook
# of a card that paid there may be lost.
ASKED_AGAIN = (timedelta(minutes=10), timedelta(hours=2), timedelta(days=1), timedelta(days=7))
_CLOSED = {Said.REFUSED: PaymentState.REFUSED, Said.EXPIRED: PaymentState.ABANDONED}
_CLOSINGS = {
    PaymentState.REFUSED: "payment.refused",
    PaymentState.ABANDONED: "payment.abandoned",
}


def settle_payment(*, payment: Payment, outcome: Outcome, now: datetime) -> None:
    """`payment`: locked by the caller, in whose transaction all of it is. The same again changes nothing.

    A capture counts whatever was said before; whatever is said after it counts no more.
    """
    if outcome.said is Said.CAPTURED:
        if payment.state not in CAPTURED:
            _capture(payment, outcome, now=now)
        elif payment.capture != outcome.capture:
            take_second_capture(payment=payment, outcome=outcome, now=now)
    elif outcome.said in _CLOSED and payment.state in OPEN:
        close_payment(payment=payment, state=_CLOSED[outcome.said], now=now)


def close_payment(*, payment: Payment, state: PaymentState, now: datetime) -> None:
    """Nothing was charged, as far as anybody has said. `payment`: locked by the caller."""
    _step(payment, state)
    payment.closed_at, payment.address = now, ""
    # What the provider never began it cannot have charged.
    payment.checks, payment.check_at = 0, now + ASKED_AGAIN[0] if payment.reference else None
    payment.save(update_fields=["state", "closed_at", "address", "checks", "check_at"])
    _note(_CLOSINGS[state], payment, now)
    if state == PaymentState.REFUSED:
        tell_of_refused(payment=payment, now=now)


@dataclass(frozen=True, slots=True)
class Tried:
    """An act was done, or nothing of it: `why`, as a code. `over`: what of the sum it did not need."""

    why: str = ""
    over: Money = ZERO


def apply_line(*, line: PaymentLine, payment: Payment, amount: Money) -> Tried:
    """Do the act of one line with that much of its sum. The caller writes the line."""
    at = payment.captured_at
    if at is None:
        raise IllegalStepError("a line is applied once its sum is captured")
    try:
        with transaction.atomic():
            over = settlement_of(line.kind).apply(
                client_id=payment.client_id,
                reference=line.reference,
                act=line.act,
                amount=amount,
                payment_uuid=payment.uuid,
                now=at,
                quoted_at=payment.quoted_at or payment.created_at,
            )
    except CannotApplyError as error:
        return Tried(why=error.reason[:60] or SLIP)
    except UnknownSettlementError:
        return Tried(why=NOBODYS)
    except DatabaseError:
        # A deadlock or a lost connection: all of it is tried again.
        raise
    except Exception as error:  # noqa: BLE001  # a product's slip must not make captured money unknown to us: it is held, and told
        failed(error)
        return Tried(why=SLIP)
    return Tried(over=over)


def _capture(payment: Payment, outcome: Outcome, *, now: datetime) -> None:
    payment.captured, payment.captured_at, payment.capture = outcome.amount, outcome.at, outcome.capture
    payment.closed_at, payment.address, payment.check_at = now, "", None
    lines = list(payment.lines.select_for_update().order_by("position"))
    as_asked = payment.captured == payment.total
    left = _apply_all(payment, lines) if as_asked else _put_aside(payment, lines)
    _step(payment, PaymentState.PAID if left else PaymentState.APPLIED)
    payment.receipt = next_receipt(at=outcome.at)
    payment.save()
    _note("payment.paid", payment, now, amount=str(payment.captured), receipt=payment.receipt)
    note_disputes_told_early(payment=payment, now=now)
    if left:
        hold_or_refund(payment=payment, lines=left, now=now)
    enqueue("payments.receipt", payment=str(payment.uuid))


def _apply_all(payment: Payment, lines: list[PaymentLine]) -> list[PaymentLine]:
    """Those that could not be, and what was too much of those that were."""
    left: list[PaymentLine] = []
    for line in lines:
        tried = apply_line(line=line, payment=payment, amount=line.amount)
        if tried.why:
            line.reason = tried.why
            left.append(line)
            continue
        if tried.over:
            left.append(set_apart(line=line, rest=tried.over, kind=SURPLUS))
        line.state = LineState.APPLIED
        line.save(update_fields=["state", "amount"])
    return left


def _put_aside(payment: Payment, lines: list[PaymentLine]) -> list[PaymentLine]:
    """Another sum than was asked settles nothing: what it is for is for the agency to find out."""
    payment.lines.update(state=LineState.DROPPED)
    return [
        PaymentLine.objects.create(
            payment=payment,
            position=len(lines),
            kind=OTHER_SUM,
            reference=payment.uuid,
            act=OTHER_SUM,
            amount=_sure(payment.captured),
            reason=OTHER_SUM,
        )
    ]


def _sure(captured: Money | None) -> Money:
    if captured is None:
        raise IllegalStepError("a capture has its sum")
    return captured


def _step(payment: Payment, state: PaymentState) -> None:
    if not may_become(PaymentState(payment.state), state):
        raise IllegalStepError(f"{payment.state} to {state}")
    payment.state = state


def _note(kind: str, payment: Payment, now: datetime, **details: Any) -> None:
    record(kind=kind, at=now, subject=str(payment.client.uuid), payment=str(payment.uuid), **details)
