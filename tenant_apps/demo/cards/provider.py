"""The adapter of the demo's payment provider: its books are two tables beside the demo's mailbox."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse
from django.utils import timezone

from guichet.kernel.money import Money
from guichet.tenancy.signing import signer
from tenant_apps.demo.models import CardOrder, CardRefund
from tenant_apps.payments.domain.outcomes import (
    Begun,
    Dispute,
    Event,
    Operation,
    Order,
    Outcome,
    RefundAnswer,
    Said,
)
from tenant_apps.payments.domain.providers import CardProvider
from tenant_apps.payments.providers.port import ProviderError, UnreadableError, UnsignedError

PURPOSE = "demo-cards"
SIGNATURE = "X-Demo-Signature"
FRESH = timedelta(minutes=5)


class DemoCards:
    """Every call may be made again, as the port wants it."""

    origins: tuple[str, ...] = ()

    def __init__(self, entry: CardProvider) -> None:
        self._entry = entry

    def start(self, order: Order) -> Begun:
        begun, _ = CardOrder.objects.get_or_create(
            payment=order.payment,
            defaults={
                "amount": order.amount,
                "words": order.words[:400],
                "back": order.back,
                "cancel": order.cancel,
                "expires_at": order.expires_at,
            },
        )
        # In the tree that has it, whoever asks: outside of a request Django knows that of production only.
        page = reverse("demo_card", urlconf=settings.URL_TREES["caisse"], args=[begun.uuid])
        return Begun(address=page, reference=str(begun.uuid))

    def read(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        try:
            signer(PURPOSE).unsign(headers.get(SIGNATURE, ""), max_age=FRESH)
            signed = signer(PURPOSE).unsign(headers[SIGNATURE])
        except (BadSignature, KeyError):
            raise UnsignedError from None
        if signed != body.decode(errors="replace"):
            raise UnsignedError
        try:
            return _event(json.loads(body))
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableError from error

    def status(self, *, reference: str, now: datetime) -> Outcome:
        order = CardOrder.objects.filter(uuid=reference).first()
        if order is None:
            raise ProviderError("the demo knows no such payment")
        if order.state == Said.CAPTURED and order.changed_at is not None:
            return Outcome(
                said=Said.CAPTURED, at=order.changed_at, capture=order.capture, amount=order.amount
            )
        if order.state == Said.OPEN and order.expires_at <= now:
            return Outcome(said=Said.EXPIRED, at=now)
        return Outcome(said=Said(order.state), at=order.changed_at or now)

    def close(self, *, reference: str, now: datetime) -> Outcome:
        """In one statement: a visitor who pays meanwhile has paid, or finds the page closed."""
        still = CardOrder.objects.filter(uuid=reference, state=Said.OPEN)
        still.update(state=Said.EXPIRED, changed_at=now)
        return self.status(reference=reference, now=now)

    def refund(self, *, capture: str, amount: Money, refund: UUID) -> RefundAnswer:
        order = CardOrder.objects.filter(state=Said.CAPTURED, capture=capture).first()
        if order is None:
            return RefundAnswer(reference="", refused="no such capture")
        made, _ = CardRefund.objects.get_or_create(
            uuid=refund, defaults={"order": order, "amount": amount, "made_at": timezone.now()}
        )
        return RefundAnswer(reference=made.reference, done=True)

    def refund_status(self, *, reference: str) -> RefundAnswer:
        made = CardRefund.objects.filter(pk=reference.removeprefix("demo-")).first()
        if made is None:
            raise ProviderError("the demo knows no such refund")
        return RefundAnswer(reference=made.reference, done=True)

    def operations(self, *, begins: datetime, ends: datetime) -> list[Operation]:
        orders = CardOrder.objects.filter(state=Said.CAPTURED, changed_at__gte=begins, changed_at__lt=ends)
        refunds = CardRefund.objects.filter(made_at__gte=begins, made_at__lt=ends)
        return [
            *(
                Operation(
                    kind="capture",
                    reference=each.capture,
                    uuid=each.payment,
                    amount=each.amount,
                    at=each.changed_at,
                )
                for each in orders.order_by("changed_at", "id")
                if each.changed_at
            ),
            *(
                Operation(
                    kind="refund",
                    reference=each.reference,
                    uuid=each.uuid,
                    amount=each.amount,
                    at=each.made_at,
                )
                for each in refunds.order_by("id")
            ),
        ]


def signed(body: str) -> dict[str, str]:
    """The header that goes with it."""
    return {SIGNATURE: signer(PURPOSE).sign(body)}


def _event(said: Mapping[str, str]) -> Event:
    if "dispute" in said:
        return _of_dispute(said)
    amount = said["amount"]
    return Event(
        id=said["id"],
        outcome=Outcome(
            said=Said(said["said"]),
            at=datetime.fromisoformat(said["at"]),
            capture=said["capture"],
            amount=Money.of(amount) if amount else None,
        ),
        payment=UUID(said["payment"]),
    )


def _of_dispute(said: Mapping[str, str]) -> Event:
    how: Literal["disputed", "dispute_won", "dispute_lost"]
    match said["dispute"]:
        case "disputed" | "dispute_won" | "dispute_lost" as how:
            answer_by = datetime.fromisoformat(said["answer_by"]) if how == "disputed" else None
        case _:
            raise ValueError("no dispute of the demo")
    return Event(
        id=said["id"],
        outcome=Outcome(said=Said.OPEN, at=datetime.fromisoformat(said["at"])),
        dispute=Dispute(
            capture=said["capture"], amount=Money.of(said["amount"]), how=how, answer_by=answer_by
        ),
    )
