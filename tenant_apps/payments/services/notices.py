"""What a client is told of a payment: by mail, or by SMS to who has no address."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from guichet.kernel.money import Money
from guichet.web.own_address import own_address
from tenant_apps.documents.attaching import attached
from tenant_apps.documents.models import Document
from tenant_apps.identity.models import User
from tenant_apps.identity.people import user_of_client
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.models import Payment
from tenant_apps.payments.registry import UnknownSettlementError, settlement_of


def tell_of_receipt(*, payment: Payment, document: Document, document_link: str, now: datetime) -> None:
    """In the transaction that stores the receipt: it is told once. It goes with the mail, which leads to it besides."""
    user = _to(payment)
    words = {"amount": payment.captured, "receipt": payment.receipt, "link": document_link}
    if user and payment.client.email:
        queue_message(
            kind="payment_receipt",
            channel="mail",
            attached=[attached(document=document)],
            **_mail(payment, user, now, **words),
        )
    elif user and payment.client.mobile:
        queue_message(kind="payment_receipt", channel="sms", **_sms(payment, user, now, **words))


def tell_of_refused(*, payment: Payment, now: datetime) -> None:
    user = _to(payment)
    words = {"amount": payment.total, "link": _page(payment)}
    if user and payment.client.email:
        queue_message(kind="payment_refused", channel="mail", **_mail(payment, user, now, **words))
    elif user and payment.client.mobile:
        queue_message(kind="payment_refused", channel="sms", **_sms(payment, user, now, **words))


def tell_of_refund(*, payment: Payment, amount: Money, now: datetime) -> None:
    """Once the provider has taken it."""
    user = _to(payment)
    words = {"amount": amount, "link": _page(payment)}
    if user and payment.client.email:
        queue_message(kind="payment_refunded", channel="mail", **_mail(payment, user, now, **words))
    elif user and payment.client.mobile:
        queue_message(kind="payment_refunded", channel="sms", **_sms(payment, user, now, **words))


def tell_of_held(*, payment: Payment, amount: Money, now: datetime) -> None:
    user = _to(payment)
    words = {"amount": amount, "link": _page(payment)}
    if user and payment.client.email:
        queue_message(kind="payment_held", channel="mail", **_mail(payment, user, now, **words))
    elif user and payment.client.mobile:
        queue_message(kind="payment_held", channel="sms", **_sms(payment, user, now, **words))


def _to(payment: Payment) -> User | None:
    return user_of_client(uuid=payment.client.uuid)


def _page(payment: Payment) -> str:
    return own_address(reverse("payment", args=[payment.uuid]))


def _mail(payment: Payment, user: User, now: datetime, **words: object) -> dict[str, Any]:
    client = payment.client
    with override(client.language):
        name, what = client.greeting_name, _what(payment)
    context = {"name": name, "what": what, **words}
    return {**_common(payment, user, now), "to": client.email, "context": context}


def _what(payment: Payment) -> list[str]:
    """What it was for, as its products name it in the language of the moment."""
    found = []
    for line in payment.lines.exclude(state=LineState.DROPPED).order_by("position"):
        with suppress(UnknownSettlementError):
            found.append(settlement_of(line.kind).words(reference=line.reference, act=line.act))
    return found


def _sms(payment: Payment, user: User, now: datetime, **words: object) -> dict[str, Any]:
    return {**_common(payment, user, now), "to": payment.client.mobile, "context": words}


def _common(payment: Payment, user: User, now: datetime) -> dict[str, Any]:
    return {"about": user.uuid, "language": payment.client.language, "now": now, "secret": False}
