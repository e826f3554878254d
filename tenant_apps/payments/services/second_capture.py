"""A provider that charged twice for one order: it never should, and it is somebody's money all the same."""

import logging
import uuid
from datetime import datetime

from guichet.tenancy.enqueue import enqueue
from tenant_apps.journal.record import record
from tenant_apps.payments.domain.outcomes import Outcome
from tenant_apps.payments.domain.reasons import CAPTURED_TWICE
from tenant_apps.payments.domain.states import IllegalStepError, PaymentState
from tenant_apps.payments.models import Payment, PaymentLine
from tenant_apps.payments.services.receipt_numbers import next_receipt
from tenant_apps.payments.services.told_early import note_disputes_told_early
from tenant_apps.payments.services.unapplied import hold_or_refund

log = logging.getLogger(__name__)


def take_second_capture(*, payment: Payment, outcome: Outcome, now: datetime) -> None:
    """A payment of its own, which settles nothing: held or given back, from the capture that it came with.

    `payment`: the first one, locked by the caller. The same capture again changes nothing.
    """
    if Payment.objects.filter(provider=payment.provider, capture=outcome.capture).exists():
        return
    log.error("payment %s was captured twice", payment.uuid)
    second = _written(payment, outcome, now=now)
    line = PaymentLine.objects.create(
        payment=second,
        position=0,
        kind=CAPTURED_TWICE,
        reference=payment.uuid,
        act=CAPTURED_TWICE,
        amount=second.total,
        reason=CAPTURED_TWICE,
    )
    said = {"subject": str(payment.client.uuid), "amount": str(second.total)}
    record(kind="payment.captured_twice", at=now, payment=str(payment.uuid), **said)
    record(kind="payment.paid", at=now, payment=str(second.uuid), receipt=second.receipt, **said)
    note_disputes_told_early(payment=second, now=now)
    hold_or_refund(payment=second, lines=[line], now=now)
    enqueue("payments.receipt", payment=str(second.uuid))


def _written(payment: Payment, outcome: Outcome, *, now: datetime) -> Payment:
    if outcome.amount is None:
        raise IllegalStepError("a capture has its sum")
    return Payment.objects.create(
        client=payment.client,
        form=uuid.uuid5(payment.uuid, outcome.capture),
        fingerprint=payment.fingerprint,
        state=PaymentState.PAID,
        provider=payment.provider,
        capture=outcome.capture,
        total=outcome.amount,
        captured=outcome.amount,
        captured_at=outcome.at,
        created_at=now,
        expires_at=payment.expires_at,
        closed_at=now,
        receipt=next_receipt(at=outcome.at),
    )
