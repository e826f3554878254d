"""A payment brought to a point, as its client and its bank would."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services import Wanted, open_basket, start_payment
from tenant_apps.payments.services.take_event import take_event
from tests.payments.bank import captured
from tests.payments.counter_product import CUP, KIND
from tests.world import NOON

PROVIDER = "default"
SOON = NOON + timedelta(minutes=3)


def begun(client: Client, *references: UUID, form: UUID | None = None, now: datetime = NOON) -> Payment:
    """Waiting at the bank's page, for a cup each."""
    wanted = [Wanted(kind=KIND, reference=each, act=CUP) for each in references]
    quote = open_basket(client=client, wanted=wanted, now=now)
    started = start_payment(client=client, quote=quote, form=form or uuid4(), now=now)
    return Payment.objects.get(uuid=started.payment)


def pay(payment: Payment, *, amount: Money | None = None, now: datetime = SOON, **more: Any) -> bool:
    """The bank says that it is captured."""
    return take_event(
        provider=PROVIDER, event=captured(payment.uuid, amount or payment.total, now, **more), now=now
    )


def again(payment: Payment) -> Payment:
    return Payment.objects.get(pk=payment.pk)


def lines(payment: Payment) -> list[str]:
    """The states of its lines."""
    return list(payment.lines.order_by("position").values_list("state", flat=True))
