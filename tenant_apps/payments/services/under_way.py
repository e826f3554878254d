"""One payment at a time for one thing: what was begun is gone on with or given up before another begins."""

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from tenant_apps.clients.models import Client
from tenant_apps.payments.domain.states import OPEN, PaymentState
from tenant_apps.payments.models import Payment, PaymentLine
from tenant_apps.payments.providers.choice import provider_named
from tenant_apps.payments.services.settle_payment import close_payment, settle_payment


class UnderWayError(RuntimeError):
    """One of the same things may still be paid by a payment that was begun before. Nothing was begun."""


class BeingBegunError(RuntimeError):
    """Another process asks the provider for its page at this moment: there is nothing to close yet."""


def refuse_while_under_way(
    *, client: Client, form: UUID, things: Collection[tuple[str, UUID]], now: datetime
) -> None:
    """In the transaction that begins another, under the client's row, so that of two at once one is refused.

    What never got a page to pay on, and that nobody asks for any more, gives way: nobody can have paid there.
    Raises UnderWayError.
    """
    same = reduce(or_, (Q(kind=kind, reference=reference) for kind, reference in things))
    lines = PaymentLine.objects.filter(same, payment=OuterRef("pk"))
    mine = Payment.objects.filter(client=client, state__in=OPEN, expires_at__gt=now).exclude(form=form)
    locked = mine.filter(Exists(lines)).select_for_update(of=("self",)).select_related("client")
    found = list(locked.order_by("id"))
    if any(each.state == PaymentState.WAITING or _claimed(each, now) for each in found):
        raise UnderWayError
    for each in found:
        close_payment(payment=each, state=PaymentState.ABANDONED, now=now)


def give_up(*, payment: Payment, now: datetime) -> Payment:
    """As it stands once its page is closed at the provider: given up, paid meanwhile, or still being decided there.

    Idempotent. Raises ProviderError, after which nothing has changed, and BeingBegunError.
    """
    if payment.state == PaymentState.CREATED:
        return _never_begun(payment, now)
    if payment.state != PaymentState.WAITING:
        return payment
    # Outside of any transaction. What the card was charged before counts, and is settled as its webhook would be.
    outcome = provider_named(payment.provider).close(reference=payment.reference, now=now)
    with transaction.atomic():
        locked = _locked(payment)
        settle_payment(payment=locked, outcome=outcome, now=now)
    return locked


@transaction.atomic
def _never_begun(payment: Payment, now: datetime) -> Payment:
    locked = _locked(payment)
    if locked.state == PaymentState.WAITING or _claimed(locked, now):
        raise BeingBegunError
    if locked.state == PaymentState.CREATED:
        close_payment(payment=locked, state=PaymentState.ABANDONED, now=now)
    return locked


def _claimed(payment: Payment, now: datetime) -> bool:
    return payment.claimed_until is not None and payment.claimed_until > now


def _locked(payment: Payment) -> Payment:
    found: Payment = (
        Payment.objects.select_for_update(of=("self",)).select_related("client").get(pk=payment.pk)
    )
    return found
