"""A payment that the bank of whoever paid wants back: nothing is undone by itself, and the agency is told."""

import logging
from datetime import datetime

from tenant_apps.journal.record import record
from tenant_apps.payments.domain.outcomes import Dispute
from tenant_apps.payments.models import Payment

log = logging.getLogger(__name__)
_KINDS = {
    "disputed": "payment.disputed",
    "dispute_won": "payment.dispute_won",
    "dispute_lost": "payment.dispute_lost",
}


def note_dispute(*, payment: Payment, dispute: Dispute, now: datetime) -> None:
    """`payment`: locked by the caller. What the card paid stays done: the loan is settled, or the object gone."""
    log.error("payment %s: the bank says %s", payment.uuid, dispute.how)
    record(
        kind=_KINDS[dispute.how],
        at=now,
        subject=str(payment.client.uuid),
        payment=str(payment.uuid),
        amount=str(dispute.amount),
    )
