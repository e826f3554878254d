"""A payment that the bank of whoever paid wants back: nothing is undone by itself, and the agency is told."""

import logging
from datetime import datetime

from tenant_apps.journal.record import record
from tenant_apps.payments.domain.outcomes import Dispute
from tenant_apps.payments.domain.states import DisputeState
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services.notices import tell_of_dispute

log = logging.getLogger(__name__)
_KINDS = {
    "disputed": "payment.disputed",
    "dispute_won": "payment.dispute_won",
    "dispute_lost": "payment.dispute_lost",
}
_STATES = {
    "disputed": DisputeState.OPEN,
    "dispute_won": DisputeState.WON,
    "dispute_lost": DisputeState.LOST,
}


def note_dispute(*, payment: Payment, dispute: Dispute, now: datetime) -> None:
    """`payment`: locked by the caller. What the card paid stays done: the loan is settled, or the object gone. The
    client is told, who may know nothing of it: the card is perhaps somebody else's.

    An end that was told before its beginning stays the end.
    """
    log.error("payment %s: the bank says %s", payment.uuid, dispute.how)
    if dispute.how != "disputed" or not payment.dispute:
        payment.dispute = _STATES[dispute.how]
        payment.disputed, payment.disputed_at = dispute.amount, payment.disputed_at or now
        payment.answer_by = dispute.answer_by or payment.answer_by
        payment.save(update_fields=["dispute", "disputed", "disputed_at", "answer_by"])
        tell_of_dispute(payment=payment, now=now)
    record(
        kind=_KINDS[dispute.how],
        at=now,
        subject=str(payment.client.uuid),
        payment=str(payment.uuid),
        amount=str(dispute.amount),
    )
