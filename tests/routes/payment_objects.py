"""The baskets, payments and documents that visitors ask for."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.demo.models import CardOrder
from tenant_apps.documents.store_document import store_document
from tenant_apps.payments.models import Basket, BasketLine, Payment, PaymentLine
from tenant_apps.payments.services.receipts import RECEIPT
from tenants.models import Caisse

FIFTEEN = Money.of(15)
LINE: dict[str, Any] = {"position": 0, "kind": "x", "act": "x", "amount": FIFTEEN}


def payment_objects(caisse: Caisse, *, client: int = 1) -> dict[str, dict[str, Any]]:
    """By the names of their addresses: of the client of that key."""
    now = timezone.now()
    later = now + timedelta(minutes=15)
    with tenant_context(caisse):
        owner = Client.objects.get(pk=client)
        basket = Basket.objects.create(client=owner, created_at=now, expires_at=later)
        BasketLine.objects.create(basket=basket, reference=uuid4(), **LINE)
        payment = _payment(owner, now, state="waiting", reference=str(uuid4()), check_at=later)
        PaymentLine.objects.create(payment=payment, reference=uuid4(), **LINE)
        captured = _payment(
            owner,
            now,
            state="paid",
            capture=str(uuid4()),
            captured=FIFTEEN,
            captured_at=now,
            receipt=str(uuid4())[:20],
        )
        PaymentLine.objects.create(payment=captured, reference=uuid4(), state="held", **LINE)
        document = store_document(
            uuid=uuid4(),
            client=owner,
            kind=RECEIPT,
            name="2026-000001",
            about=uuid4(),
            media_type="application/pdf",
            content=b"%PDF",
            now=now,
        )
    return {
        "basket": {"uuid": basket.uuid},
        "payment": {"uuid": payment.uuid},
        "payment_cancelled": {"uuid": payment.uuid},
        "payment_again": {"uuid": payment.uuid},
        "payment_stop": {"uuid": payment.uuid},
        "document": {"uuid": document.uuid},
        "desk_payment_settle": {"uuid": captured.uuid, "position": 0},
    }


def _payment(owner: Client, now: datetime, **more: Any) -> Payment:
    return Payment.objects.create(
        client=owner,
        form=uuid4(),
        fingerprint="x",
        provider="default",
        total=FIFTEEN,
        created_at=now,
        expires_at=now + timedelta(minutes=15),
        **more,
    )


def card_order(caisse: Caisse) -> dict[str, Any]:
    """What the demo's provider waits for."""
    later = timezone.now() + timedelta(minutes=15)
    with tenant_context(caisse):
        order = CardOrder.objects.create(
            payment=uuid4(), amount=FIFTEEN, words="x", back="/", cancel="/", expires_at=later
        )
    return {"uuid": order.uuid}
