"""What a visitor has the card page do, and how the provider tells of it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from django.db import transaction

from guichet.kernel.money import Money
from guichet.tenancy.enqueue import enqueue
from tenant_apps.demo.cards.provider import SIGNATURE, DemoCards, signed
from tenant_apps.demo.models import CardOrder
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.domain.providers import CardProvider
from tenant_apps.payments.providers.port import UnsignedError
from tenant_apps.payments.services.forged import note_forged
from tenant_apps.payments.services.take_event import take_event

PROVIDER = "default"
LATE = timedelta(seconds=90)
# How long a caisse has to answer a dispute of the demo's bank.
TO_ANSWER = timedelta(days=9)


class How(StrEnum):
    PAY = "pay"
    REFUSE = "refuse"
    CHALLENGE = "challenge"
    LATE = "late"
    TWICE = "twice"
    DISORDER = "disorder"
    FORGED = "forged"
    DISPUTE = "dispute"
    WON = "won"
    LOST = "lost"


CAPTURES = frozenset({How.PAY, How.LATE, How.TWICE, How.DISORDER, How.DISPUTE})
ENDS = {How.WON: "dispute_won", How.LOST: "dispute_lost"}
"""Of a dispute: what the bank decides."""


class NoSuchOrderError(LookupError):
    """Nobody was sent to that page."""


def order_of(*, uuid: UUID) -> CardOrder:
    """Raises NoSuchOrderError."""
    found = CardOrder.objects.filter(uuid=uuid).first()
    if found is None:
        raise NoSuchOrderError
    return found


@transaction.atomic
def play(*, uuid: UUID, how: How, now: datetime) -> CardOrder:
    """An order is played once; a forged word about it changes nothing of it. Raises NoSuchOrderError."""
    order = CardOrder.objects.select_for_update().filter(uuid=uuid).first()
    if order is None:
        raise NoSuchOrderError
    if how in ENDS:
        return _end_dispute(order, how, now)
    if order.state != Said.OPEN or order.expires_at <= now:
        return order
    if how is not How.FORGED:
        order.state = Said.CAPTURED if how in CAPTURES else Said.REFUSED
        order.capture = f"demo-{order.uuid}" if how in CAPTURES else ""
        order.changed_at = now
    order.how, order.tell_at = how, now + (LATE if how is How.LATE else timedelta())
    order.save()
    if how is not How.LATE:
        enqueue("demo.tell", order=str(order.uuid))
    return order


def _end_dispute(order: CardOrder, how: How, now: datetime) -> CardOrder:
    """Once, and only of what was disputed."""
    if order.how == How.DISPUTE:
        order.how, order.tell_at = how, now
        order.save(update_fields=["how", "tell_at"])
        enqueue("demo.tell", order=str(order.uuid))
    return order


def tell(*, uuid: UUID, now: datetime) -> None:
    """Send the webhooks of an order, as its visitor wanted them; the same again is the same events."""
    order = order_of(uuid=uuid)
    for body, headers in webhooks_of(order=order):
        try:
            event = DemoCards(CardProvider(kind="demo")).read(headers=headers, body=body.encode(), now=now)
        except UnsignedError:
            note_forged(now=now)
            continue
        take_event(provider=PROVIDER, event=event, now=now)
    CardOrder.objects.filter(pk=order.pk).update(tell_at=None)


def webhooks_of(*, order: CardOrder) -> Iterator[tuple[str, dict[str, str]]]:
    """Body and headers of each, in the order in which they are sent."""
    how = How(order.how)
    if how is How.FORGED:
        body = _body(order, Said.CAPTURED, f"demo-{order.uuid}")
        yield body, {SIGNATURE: f"{body}:{uuid4().hex}"}
        return
    body = _body(order, Said(order.state), order.capture)
    yield body, signed(body)
    if how is How.TWICE:
        yield body, signed(body)
    if how is How.DISPUTE or how in ENDS:
        body = _dispute(order, "disputed")
        yield body, signed(body)
    if how in ENDS:
        body = _dispute(order, ENDS[how])
        yield body, signed(body)
    if how is How.DISORDER:
        # What was said of a first card, before another one paid.
        body = _body(order, Said.REFUSED, "")
        yield body, signed(body)


def late_orders(*, now: datetime) -> list[UUID]:
    return list(CardOrder.objects.filter(tell_at__lte=now).order_by("id").values_list("uuid", flat=True))


def _dispute(order: CardOrder, how: str) -> str:
    """The whole of what was captured."""
    at = order.changed_at or order.expires_at
    return json.dumps(
        {
            "id": f"{order.uuid}-{how}",
            "dispute": how,
            "capture": order.capture,
            "amount": str(order.amount),
            "at": at.isoformat(),
            "answer_by": (at + TO_ANSWER).isoformat(),
        }
    )


def _body(order: CardOrder, said: Said, capture: str) -> str:
    at = order.changed_at or order.expires_at
    amount = order.amount if said is Said.CAPTURED else Money()
    return json.dumps(
        {
            "id": f"{order.uuid}-{said}",
            "said": said,
            "payment": str(order.payment),
            "capture": capture,
            "amount": str(amount) if amount else "",
            "at": at.isoformat(),
        }
    )
