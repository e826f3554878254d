"""Give a sum back to the card it came from: asked here, done by a worker."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from guichet.kernel.money import total
from guichet.tenancy.enqueue import enqueue
from tenant_apps.journal.record import record
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.models import Payment, PaymentLine, Refund


def ask_refund(
    *, payment: Payment, lines: Sequence[PaymentLine], reason: str, by: UUID | None, now: datetime
) -> Refund:
    """One refund for these lines. `payment` and `lines`: locked by the caller, in whose transaction it is asked."""
    refund = Refund.objects.create(
        payment=payment,
        amount=total(line.amount for line in lines),
        asked_by=by,
        reason=reason,
        asked_at=now,
        due_at=now,
    )
    for line in lines:
        line.state, line.refund = LineState.REFUNDING, refund
        line.save(update_fields=["state", "refund", "amount"])
    record(
        kind="payment.refund_asked",
        at=now,
        subject=str(payment.client.uuid),
        payment=str(payment.uuid),
        amount=str(refund.amount),
        reason=reason,
        **({"by": str(by)} if by else {}),
    )
    enqueue("payments.refund", refund=str(refund.uuid))
    return refund
