"""Ask the provider for the payments that no webhook has closed."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from tenant_apps.payments.domain.states import PaymentState
from tenant_apps.payments.models import Payment
from tenant_apps.payments.providers.choice import provider_named
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.services.settle_payment import close_payment, settle_payment

log = logging.getLogger(__name__)
DELAYS = (
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
)
# A provider that never says how it ended: whoever left its page so long ago has given up. A capture still counts.
GIVEN_UP = timedelta(days=2)


def check_payment(*, uuid: UUID, now: datetime) -> None:
    """Idempotent. The provider is asked outside of any transaction."""
    payment = Payment.objects.filter(uuid=uuid, state=PaymentState.WAITING, check_at__lte=now).first()
    if payment is None:
        return
    delay = DELAYS[min(payment.checks, len(DELAYS) - 1)]
    mine = Payment.objects.filter(pk=payment.pk, check_at=payment.check_at)
    if not mine.update(check_at=now + delay, checks=F("checks") + 1):
        return
    given_up = now > payment.expires_at + GIVEN_UP
    try:
        provider = provider_named(payment.provider)
        # Before it is given up, its page is closed: nobody may pay there afterwards.
        ask = provider.close if given_up else provider.status
        outcome = ask(reference=payment.reference, now=now)
    except ProviderError as error:
        log.warning("payment %s cannot be asked for: %s", payment.uuid, error)
        return
    with transaction.atomic():
        locked = Payment.objects.select_for_update(of=("self",)).select_related("client").get(pk=payment.pk)
        settle_payment(payment=locked, outcome=outcome, now=now)
        if locked.state == PaymentState.WAITING and given_up:
            close_payment(payment=locked, state=PaymentState.ABANDONED, now=now)


def payments_to_check(*, now: datetime, limit: int) -> list[UUID]:
    due = Payment.objects.filter(state=PaymentState.WAITING, check_at__lte=now)
    return list(due.order_by("check_at", "id").values_list("uuid", flat=True)[:limit])


@transaction.atomic
def abandon_never_begun(*, now: datetime, limit: int) -> int:
    """Asked for, and never given a page to pay on: nobody can have paid."""
    never = Payment.objects.select_for_update(skip_locked=True, of=("self",)).select_related("client")
    found = list(
        never.filter(state=PaymentState.CREATED, expires_at__lte=now).order_by("expires_at", "id")[:limit]
    )
    for payment in found:
        close_payment(payment=payment, state=PaymentState.ABANDONED, now=now)
    return len(found)


def check_soon(*, payment: Payment, now: datetime) -> None:
    """Who comes back from the provider's page waits for an answer: it is asked for at the next minute."""
    waiting = Payment.objects.filter(pk=payment.pk, state=PaymentState.WAITING, check_at__gt=now, checks=0)
    waiting.update(check_at=now)
