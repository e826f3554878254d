"""What a client is told of a payment: by mail, or by SMS to who has no address."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from guichet.kernel.money import total
from guichet.web.own_address import own_address
from tenant_apps.documents.attaching import attached
from tenant_apps.documents.models import Document
from tenant_apps.identity.models import User
from tenant_apps.identity.people import user_of_client
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.line_words import LineWords, accounted, words_of
from tenant_apps.payments.models import Payment, PaymentLine


def tell_of_receipt(*, payment: Payment, document: Document, document_link: str, now: datetime) -> None:
    """In the transaction that stores the receipt: it is told once. It goes with the mail, which leads to it besides."""
    user = _to(payment)
    words = {"amount": payment.captured, "receipt": payment.receipt, "link": document_link}
    if user and payment.client.email:
        mail = _mail(payment, user, now, _all_lines(payment), partial(accounted, payment=payment.uuid))
        mail["context"].update(words)
        queue_message(kind="payment_receipt", channel="mail", attached=[attached(document=document)], **mail)
    elif user and payment.client.mobile:
        queue_message(kind="payment_receipt", channel="sms", **_sms(payment, user, now, **words))


def tell_of_refused(*, payment: Payment, now: datetime) -> None:
    user = _to(payment)
    if user and payment.client.email:
        mail = _mail(payment, user, now, _all_lines(payment))
        queue_message(kind="payment_refused", channel="mail", **mail)
    elif user and payment.client.mobile:
        sms = _sms(payment, user, now, amount=payment.total)
        queue_message(kind="payment_refused", channel="sms", **sms)


def tell_of_refund(*, payment: Payment, lines: Iterable[PaymentLine], now: datetime) -> None:
    """Once the provider has taken it."""
    user, lines = _to(payment), list(lines)
    if user and payment.client.email:
        queue_message(kind="payment_refunded", channel="mail", **_mail(payment, user, now, lines))
    elif user and payment.client.mobile:
        sms = _sms(payment, user, now, amount=total(each.amount for each in lines))
        queue_message(kind="payment_refunded", channel="sms", **sms)


def tell_of_held(*, payment: Payment, lines: Iterable[PaymentLine], now: datetime) -> None:
    """What the card was charged for, and could not be done."""
    user, lines = _to(payment), list(lines)
    if user and payment.client.email:
        queue_message(kind="payment_held", channel="mail", **_mail(payment, user, now, lines))
    elif user and payment.client.mobile:
        sms = _sms(payment, user, now, amount=total(each.amount for each in lines))
        queue_message(kind="payment_held", channel="sms", **sms)


def tell_of_used(*, payment: Payment, line: PaymentLine, now: datetime) -> None:
    """What was held, and the agency has used as the client wanted."""
    user = _to(payment)
    if user and payment.client.email:
        mail = _mail(payment, user, now, [line], partial(accounted, payment=payment.uuid))
        queue_message(kind="payment_used", channel="mail", **mail)
    elif user and payment.client.mobile:
        queue_message(kind="payment_used", channel="sms", **_sms(payment, user, now, amount=line.amount))


def tell_of_dispute(*, payment: Payment, now: datetime) -> None:
    """That the bank of whoever paid wants the sum back, or which way it was decided."""
    user = _to(payment)
    words = {"amount": payment.disputed, "dispute": payment.dispute}
    if user and payment.client.email:
        mail = _mail(payment, user, now, _all_lines(payment))
        mail["context"].update(words)
        queue_message(kind="payment_disputed", channel="mail", **mail)
    elif user and payment.client.mobile:
        queue_message(kind="payment_disputed", channel="sms", **_sms(payment, user, now, **words))


def _to(payment: Payment) -> User | None:
    return user_of_client(uuid=payment.client.uuid)


def _page(payment: Payment) -> str:
    return own_address(reverse("payment", args=[payment.uuid]))


def _all_lines(payment: Payment) -> list[PaymentLine]:
    return list(payment.lines.exclude(state=LineState.DROPPED).order_by("position"))


def _mail(
    payment: Payment,
    user: User,
    now: datetime,
    lines: list[PaymentLine],
    said: Callable[[PaymentLine], LineWords] = words_of,
) -> dict[str, Any]:
    """Of these lines, each as it stands, and of their sum."""
    client = payment.client
    with override(client.language):
        name, what = client.greeting_name, [said(each) for each in lines]
    amount = total(each.amount for each in lines)
    context = {"name": name, "what": what, "amount": amount, "link": _page(payment)}
    return {**_common(payment, user, now), "to": client.email, "context": context}


def _sms(payment: Payment, user: User, now: datetime, **words: object) -> dict[str, Any]:
    context = {"link": _page(payment), **words}
    return {**_common(payment, user, now), "to": payment.client.mobile, "context": context}


def _common(payment: Payment, user: User, now: datetime) -> dict[str, Any]:
    return {"about": user.uuid, "language": payment.client.language, "now": now, "secret": False}
