"""A signed message of a provider: taken once, whenever it comes."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.payments.domain.outcomes import Event, RefundAnswer, Said
from tenant_apps.payments.models import Payment, Refund, TakenEvent
from tenant_apps.payments.services.note_dispute import note_dispute
from tenant_apps.payments.services.send_refund import note_refund
from tenant_apps.payments.services.settle_payment import settle_payment
from tenant_apps.payments.services.told_early import keep_dispute, wait_for_capture

log = logging.getLogger(__name__)
_OF_REFUNDS = frozenset({Said.REFUND_SENT, Said.REFUND_DONE, Said.REFUND_FAILED})


@transaction.atomic
def take_event(*, provider: str, event: Event, now: datetime) -> bool:
    """Whether it was news. Two at once: the second waits on the payment's row, and finds the event taken.

    What is about no payment of this caisse is told in the log: the comparison of the day names the money. A dispute is
    kept besides, for its capture may be told later.
    """
    payment = _locked(provider, event) or _kept(provider, event, now=now)
    if payment is None:
        if event.payment or event.refund or event.dispute:
            log.warning("a provider speaks of a payment that this caisse does not know")
        return False
    _row, is_new = TakenEvent.objects.get_or_create(
        provider=provider,
        event=event.id,
        defaults={
            "said": event.outcome.said,
            "payment": payment,
            "at": event.outcome.at,
            "taken_at": now,
        },
    )
    if is_new and event.dispute is not None:
        note_dispute(payment=payment, dispute=event.dispute, now=now)
    elif is_new and event.outcome.said in _OF_REFUNDS:
        _take_refund(event, now=now)
    elif is_new:
        settle_payment(payment=payment, outcome=event.outcome, now=now)
    return is_new


def _locked(provider: str, event: Event) -> Payment | None:
    """The payment that it is about, whose row all that is said of it waits for."""
    found = Payment.objects.select_for_update(of=("self",)).select_related("client").filter(provider=provider)
    if event.dispute is not None:
        return found.filter(capture=event.dispute.capture).first()
    uuid: UUID | None = event.payment
    if event.refund is not None:
        uuid = Refund.objects.filter(uuid=event.refund).values_list("payment__uuid", flat=True).first()
    if uuid is None:
        return None
    return found.filter(uuid=uuid).first()


def _kept(provider: str, event: Event, *, now: datetime) -> Payment | None:
    """The payment where its capture was told meanwhile; else the dispute is kept."""
    if event.dispute is None or not event.dispute.capture:
        return None
    wait_for_capture(provider=provider, capture=event.dispute.capture)
    payment = _locked(provider, event)
    if payment is None:
        keep_dispute(provider=provider, event=event, dispute=event.dispute, now=now)
    return payment


def _take_refund(event: Event, *, now: datetime) -> None:
    said = event.outcome.said
    if event.refund is None:
        return
    answer = RefundAnswer(
        reference=event.outcome.capture,
        done=said is Said.REFUND_DONE,
        refused="the provider could not give it back" if said is Said.REFUND_FAILED else "",
    )
    note_refund(uuid=event.refund, answer=answer, now=now)
