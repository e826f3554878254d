"""Ask the provider for a refund until it answers. Asked twice, the money goes back once."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tenant_apps.journal.record import record
from tenant_apps.payments.domain.outcomes import RefundAnswer
from tenant_apps.payments.domain.reasons import REFUND_REFUSED
from tenant_apps.payments.domain.states import REFUND_STEPS, LineState, RefundState
from tenant_apps.payments.models import Payment, Refund
from tenant_apps.payments.providers.choice import provider_named
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.services.notices import tell_of_held, tell_of_refund

log = logging.getLogger(__name__)
# Longer than any provider may take.
LEASE = timedelta(minutes=2)
# Money that is owed is asked for as long as it takes; staff see what the provider says meanwhile.
DELAYS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
# What is on its way is looked at again: a bank takes days.
LOOK_AGAIN = timedelta(hours=6)
_KINDS = {
    RefundState.SENT: "payment.refund_sent",
    RefundState.DONE: "payment.refund_done",
    RefundState.FAILED: "payment.refund_failed",
}
_MOVING = (RefundState.ASKED, RefundState.SENT)


def send_refund(*, uuid: UUID, now: datetime) -> None:
    """Idempotent. The provider is asked outside of any transaction."""
    refund = _claim(uuid, now=now)
    if refund is None:
        return
    provider, payment = refund.payment.provider, refund.payment
    try:
        if refund.state == RefundState.SENT:
            answer = provider_named(provider).refund_status(reference=refund.reference)
        else:
            answer = provider_named(provider).refund(
                capture=payment.capture, amount=refund.amount, refund=refund.uuid
            )
    except ProviderError as error:
        _try_later(refund, why=str(error), now=now)
        return
    note_refund(uuid=uuid, answer=answer, now=now)


@transaction.atomic
def note_refund(*, uuid: UUID, answer: RefundAnswer, now: datetime) -> None:
    """What the provider says of a refund, whoever asked. The same again changes nothing."""
    payment = Payment.objects.select_for_update().filter(refunds__uuid=uuid).first()
    if payment is None:
        log.warning("a provider speaks of a refund that this caisse never asked for")
        return
    refund = payment.refunds.select_for_update().get(uuid=uuid)
    state = RefundState.FAILED if answer.refused else RefundState.DONE if answer.done else RefundState.SENT
    if state not in REFUND_STEPS[RefundState(refund.state)]:
        return
    first = refund.state == RefundState.ASKED
    refund.state, refund.reference = state, answer.reference or refund.reference
    refund.last_error, refund.due_at = answer.refused[:200], now + LOOK_AGAIN
    refund.taken_at = refund.taken_at or (None if state == RefundState.FAILED else now)
    refund.ended_at = None if state == RefundState.SENT else now
    refund.save()
    record(
        kind=_KINDS[state],
        at=now,
        subject=str(payment.client.uuid),
        payment=str(payment.uuid),
        amount=str(refund.amount),
    )
    _move_lines(payment, refund, state, first=first, now=now)


def refunds_due(*, now: datetime, limit: int) -> list[UUID]:
    due = Refund.objects.filter(state__in=_MOVING, due_at__lte=now)
    return list(due.order_by("due_at", "id").values_list("uuid", flat=True)[:limit])


def _move_lines(payment: Payment, refund: Refund, state: RefundState, *, first: bool, now: datetime) -> None:
    if state == RefundState.FAILED:
        lines = list(refund.lines.order_by("position"))
        for each in lines:
            each.state, each.reason = LineState.HELD, REFUND_REFUSED
            each.save(update_fields=["state", "reason"])
        tell_of_held(payment=payment, lines=lines, now=now)
        return
    if state == RefundState.DONE:
        refund.lines.update(state=LineState.REFUNDED)
    if first:
        tell_of_refund(payment=payment, lines=refund.lines.order_by("position"), now=now)


@transaction.atomic
def _claim(uuid: UUID, *, now: datetime) -> Refund | None:
    """The refund when it is this caller's to ask for; None when it is not due, or another worker has it."""
    found = Refund.objects.select_for_update(skip_locked=True, of=("self",)).select_related("payment")
    refund = found.filter(uuid=uuid, state__in=_MOVING, due_at__lte=now).first()
    if refund is None:
        return None
    refund.attempts += 1
    refund.due_at = now + LEASE
    refund.save(update_fields=["attempts", "due_at"])
    return refund


def _try_later(refund: Refund, *, why: str, now: datetime) -> None:
    delay = DELAYS[min(refund.attempts, len(DELAYS)) - 1]
    still = Refund.objects.filter(pk=refund.pk, state__in=_MOVING)
    still.update(due_at=now + delay, last_error=why[:200])
