"""Ask again about payments that were said to be refused or abandoned: a card charged since, or before, still counts."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tenant_apps.payments.domain.states import CLOSED
from tenant_apps.payments.models import Payment
from tenant_apps.payments.providers.choice import provider_named
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.services.settle_payment import ASKED_AGAIN, settle_payment

log = logging.getLogger(__name__)
# A provider that does not answer has said nothing: it is asked later, and not once less.
AWAY = timedelta(hours=1)
# One that never answers again, or that the list of the GIE has no more: the comparison of the day is what is left.
LONGEST = timedelta(days=30)


def ask_again(*, uuid: UUID, now: datetime) -> None:
    """Idempotent. The provider closes its page before it answers; it is asked outside of any transaction."""
    payment = Payment.objects.filter(uuid=uuid, state__in=CLOSED, check_at__lte=now).first()
    if payment is None or not _claim(payment, now=now):
        return
    try:
        outcome = provider_named(payment.provider).close(reference=payment.reference, now=now)
    except ProviderError as error:
        log.warning("payment %s cannot be asked for again: %s", payment.uuid, error)
        return
    with transaction.atomic():
        locked = Payment.objects.select_for_update(of=("self",)).select_related("client").get(pk=payment.pk)
        settle_payment(payment=locked, outcome=outcome, now=now)
        if locked.state in CLOSED:
            _later(locked, asked=payment.checks + 1, now=now)


def payments_to_ask_again(*, now: datetime, limit: int) -> list[UUID]:
    due = Payment.objects.filter(state__in=CLOSED, check_at__lte=now)
    return list(due.order_by("check_at", "id").values_list("uuid", flat=True)[:limit])


def _claim(payment: Payment, *, now: datetime) -> bool:
    """Whether it is this caller's to ask for."""
    mine = Payment.objects.filter(pk=payment.pk, state__in=CLOSED, check_at=payment.check_at)
    still = payment.closed_at is not None and now + AWAY < payment.closed_at + LONGEST
    return bool(mine.update(check_at=now + AWAY if still else None))


def _later(payment: Payment, *, asked: int, now: datetime) -> None:
    payment.checks = asked
    payment.check_at = now + ASKED_AGAIN[asked] if asked < len(ASKED_AGAIN) else None
    payment.save(update_fields=["checks", "check_at"])
