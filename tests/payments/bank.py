"""A payment provider that does as it is told, and remembers what it was asked."""

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from guichet.kernel.money import Money
from tenant_apps.payments.domain.outcomes import (
    Begun,
    Event,
    Operation,
    Order,
    Outcome,
    RefundAnswer,
    Said,
)
from tenant_apps.payments.providers.port import UnsignedError

PATH = "tests.payments.bank.Bank"


class Bank:
    """One book for all callers. `fails`: what the next calls raise. `events`: what a webhook's body names."""

    origins = ("https://bank.example.org",)
    orders: ClassVar[dict[UUID, Order]] = {}
    starts: ClassVar[list[UUID]] = []
    fails: ClassVar[list[Exception]] = []
    closes: ClassVar[list[str]] = []
    refunds: ClassVar[dict[UUID, tuple[str, Money]]] = {}
    refund_asked: ClassVar[list[UUID]] = []
    answers: ClassVar[list[RefundAnswer]] = []
    outcomes: ClassVar[dict[str, Outcome]] = {}
    events: ClassVar[dict[str, Event]] = {}
    listed: ClassVar[list[Operation]] = []
    lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, entry: Any) -> None:
        self.entry = entry

    @classmethod
    def reset(cls) -> None:
        for book in (
            cls.orders,
            cls.starts,
            cls.fails,
            cls.closes,
            cls.refunds,
            cls.refund_asked,
            cls.answers,
            cls.outcomes,
            cls.events,
            cls.listed,
        ):
            book.clear()

    def _fail(self) -> None:
        if self.fails:
            raise self.fails.pop(0)

    def start(self, order: Order) -> Begun:
        self._fail()
        with self.lock:
            self.starts.append(order.payment)
            self.orders[order.payment] = order
        return Begun(address=f"https://bank.example.org/pay/{order.payment}", reference=f"b-{order.payment}")

    def read(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        if headers.get("X-Bank") != "signed":
            raise UnsignedError
        return self.events[body.decode()]

    def status(self, *, reference: str, now: datetime) -> Outcome:
        self._fail()
        return self.outcomes.get(reference, Outcome(said=Said.OPEN, at=now))

    def close(self, *, reference: str, now: datetime) -> Outcome:
        self._fail()
        self.closes.append(reference)
        return self.outcomes.setdefault(reference, Outcome(said=Said.EXPIRED, at=now))

    def refund(self, *, capture: str, amount: Money, refund: UUID) -> RefundAnswer:
        self.refund_asked.append(refund)
        self._fail()
        self.refunds.setdefault(refund, (capture, amount))
        return self.answers.pop(0) if self.answers else RefundAnswer(reference=f"r-{refund}", done=True)

    def refund_status(self, *, reference: str) -> RefundAnswer:
        self._fail()
        return self.answers.pop(0) if self.answers else RefundAnswer(reference=reference, done=True)

    def operations(self, *, begins: datetime, ends: datetime) -> list[Operation]:
        self._fail()
        return [each for each in self.listed if begins <= each.at < ends]


def captured(payment: UUID, amount: Money, at: datetime, *, name: str = "", capture: str = "") -> Event:
    """What the bank says once the card was charged."""
    outcome = Outcome(said=Said.CAPTURED, at=at, capture=capture or f"c-{payment}", amount=amount)
    return Event(id=name or f"captured-{payment}", outcome=outcome, payment=payment)


def ended(payment: UUID, said: Said, at: datetime) -> Event:
    return Event(id=f"{said}-{payment}", outcome=Outcome(said=said, at=at), payment=payment)
