"""A bank with a book for each caisse, which is the truth; it fails in all the ways that banks do."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from guichet.kernel.money import ZERO, Money, total
from guichet.tenancy.connection import connection
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
from tenant_apps.payments.providers.port import ProviderError, UnreadableError, UnsignedError

PATH = "tests.simulation.bank.Bank"
SIGNATURE = "X-Bank"


@dataclass(slots=True)
class Charge:
    """One order, and what became of it."""

    order: Order
    said: Said = Said.OPEN
    begun: bool = False
    """Its page is known to whoever asked: nobody pays before."""
    at: datetime | None = None
    capture: str = ""
    amount: Money = ZERO


@dataclass(frozen=True, slots=True)
class Capture:
    """A card that was charged. An order has one, or two by a fault of the bank."""

    payment: UUID
    amount: Money
    at: datetime


@dataclass(slots=True)
class GivenBack:
    """A refund as the bank has it."""

    capture: str
    amount: Money
    at: datetime
    said: Said


@dataclass(slots=True)
class Word:
    """A webhook that is still to arrive."""

    label: str
    body: str
    signature: str
    payment: UUID | None


@dataclass(slots=True)
class Book:
    """Of one caisse."""

    name: str
    charges: dict[UUID, Charge] = field(default_factory=dict)
    captures: dict[str, Capture] = field(default_factory=dict)
    refunds: dict[UUID, GivenBack] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)
    disputes: dict[str, str] = field(default_factory=dict)
    """By capture, what the bank of whoever paid has said last."""
    lost: dict[str, Money] = field(default_factory=dict)
    """By capture, what that has taken back."""
    count: int = 0

    def given_back(self, capture: str) -> Money:
        kept = (Said.REFUND_SENT, Said.REFUND_DONE)
        return total(
            each.amount for each in self.refunds.values() if each.capture == capture and each.said in kept
        )

    def beyond(self, capture: str, amount: Money) -> bool:
        """Whether that is more than a dispute has left of it; what was never disputed is asked no such thing."""
        lost = self.lost.get(capture)
        return lost is not None and self.given_back(capture) + amount + lost > self.captures[capture].amount

    def signed(self, body: str) -> str:
        return hashlib.sha256(f"{self.name} {body}".encode()).hexdigest()

    def write(self, *, said: Said, at: datetime, **more: Any) -> Word:
        """An event with a number of its own, signed; not sent yet."""
        self.count += 1
        named = {key: str(value) for key, value in more.items() if value}
        said_of = {"id": f"event-{self.count}", "said": said.value, "at": at.isoformat(), **named}
        body = json.dumps(said_of)
        payment = more.get("payment")
        return Word(label=f"{said}-{self.count}", body=body, signature=self.signed(body), payment=payment)


@dataclass(slots=True)
class Mood:
    """How the bank is just now. `before`, `after`: whether a call fails, and whether it had been done all the same.

    `meanwhile` is called while the bank thinks; `answers` says what becomes of a refund.
    """

    before: Callable[[], bool]
    after: Callable[[], bool]
    meanwhile: Callable[[UUID | None], None]
    answers: Callable[[], Said]
    now: Callable[[], datetime]


class Bank:
    """The adapter; which book it has is the current caisse's."""

    origins = ("https://bank.example.org",)
    books: ClassVar[dict[str, Book]] = {}
    moods: ClassVar[list[Mood]] = []

    def __init__(self, entry: Any) -> None:
        self._entry = entry

    @property
    def _book(self) -> Book:
        return self.books[connection.schema_name]

    @property
    def _mood(self) -> Mood:
        return self.moods[-1]

    def start(self, order: Order) -> Begun:
        self._begin()
        self._book.charges.setdefault(order.payment, Charge(order))
        self._end(order.payment)
        self._book.charges[order.payment].begun = True
        return Begun(address=f"https://bank.example.org/{order.payment}", reference=f"b-{order.payment}")

    def read(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        text = body.decode()
        if headers.get(SIGNATURE, "") != self._book.signed(text):
            raise UnsignedError
        try:
            return _event(json.loads(text))
        except ValueError as error:
            raise UnreadableError from error

    def status(self, *, reference: str, now: datetime) -> Outcome:
        self._begin()
        charge = self._book.charges[UUID(reference.removeprefix("b-"))]
        self._end(charge.order.payment)
        if charge.said is Said.OPEN:
            said = Said.EXPIRED if charge.order.expires_at <= now else Said.OPEN
            return Outcome(said=said, at=now)
        return _outcome(charge)

    def close(self, *, reference: str, now: datetime) -> Outcome:
        self._begin()
        charge = self._book.charges[UUID(reference.removeprefix("b-"))]
        if charge.said is Said.OPEN:
            charge.said, charge.at = Said.EXPIRED, now
        self._end(None)
        return _outcome(charge)

    def refund(self, *, capture: str, amount: Money, refund: UUID) -> RefundAnswer:
        self._begin()
        known = self._book.captures.get(capture)
        if known is None:
            return RefundAnswer(reference="", refused="no such capture")
        if self._book.beyond(capture, amount) and refund not in self._book.refunds:
            return RefundAnswer(reference="", refused="the bank of whoever paid has it")
        if refund not in self._book.refunds:
            # However much was given back before: that it is never too much is for the run to see.
            self._book.refunds[refund] = GivenBack(capture, amount, self._mood.now(), self._mood.answers())
        self._end(known.payment)
        return self._answer(refund)

    def refund_status(self, *, reference: str) -> RefundAnswer:
        self._begin()
        self._end(None)
        return self._answer(UUID(reference.removeprefix("r-")))

    def operations(self, *, begins: datetime, ends: datetime) -> list[Operation]:
        self._begin()
        captures = [
            Operation(
                kind="capture",
                reference=reference,
                uuid=each.payment,
                amount=each.amount,
                at=each.at,
            )
            for reference, each in self._book.captures.items()
            if begins <= each.at < ends
        ]
        refunds = [
            Operation(kind="refund", reference=f"r-{uuid}", uuid=uuid, amount=each.amount, at=each.at)
            for uuid, each in self._book.refunds.items()
            if begins <= each.at < ends and each.said is not Said.REFUND_FAILED
        ]
        return [*captures, *refunds]

    def _answer(self, refund: UUID) -> RefundAnswer:
        said = self._book.refunds[refund].said
        return RefundAnswer(
            reference=f"r-{refund}",
            done=said is Said.REFUND_DONE,
            refused="card closed" if said is Said.REFUND_FAILED else "",
        )

    def _begin(self) -> None:
        if self._mood.before():
            raise ProviderError("the bank is away")

    def _end(self, payment: UUID | None) -> None:
        """It was done: others may act meanwhile, and the answer may be lost."""
        self._mood.meanwhile(payment)
        if self._mood.after():
            raise ProviderError("the bank's answer is lost")


def _outcome(charge: Charge) -> Outcome:
    if charge.at is None:
        raise AssertionError("what ended has its moment")
    amount = charge.amount if charge.said is Said.CAPTURED else None
    return Outcome(said=charge.said, at=charge.at, capture=charge.capture, amount=amount)


def _event(said: Mapping[str, str]) -> Event:
    amount, payment, refund = said.get("amount"), said.get("payment"), said.get("refund")
    return Event(
        id=said["id"],
        outcome=Outcome(
            said=Said(said["said"]),
            at=datetime.fromisoformat(said["at"]),
            capture=said.get("capture", ""),
            amount=Money.of(amount) if amount else None,
        ),
        payment=UUID(payment) if payment else None,
        refund=UUID(refund) if refund else None,
        dispute=_dispute(said),
    )


def _dispute(said: Mapping[str, Any]) -> Dispute | None:
    how = said.get("how")
    if how is None:
        return None
    return Dispute(capture=said["capture"], amount=Money.of(said["amount"]), how=how)
