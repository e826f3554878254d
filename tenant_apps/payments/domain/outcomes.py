"""What is said between us and a provider, whichever it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from guichet.kernel.money import Money

How = Literal["disputed", "dispute_won", "dispute_lost"]


class Said(StrEnum):
    """The one type of event that all providers' are read into."""

    OPEN = "open"
    """Nothing yet, or nothing that concerns us."""
    CAPTURED = "captured"
    REFUSED = "refused"
    EXPIRED = "expired"
    REFUND_SENT = "refund_sent"
    REFUND_DONE = "refund_done"
    REFUND_FAILED = "refund_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a provider is asked to have paid. `back`, `cancel`: whole addresses of ours."""

    payment: UUID
    amount: Money
    words: str
    back: str
    cancel: str
    language: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """`address`: the page of the provider where the browser goes. `reference`: what it calls the payment."""

    address: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a payment stands at the provider. `capture`: what a refund names."""

    said: Said
    at: datetime
    capture: str = ""
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """The bank of whoever paid wants a capture back, or has said who keeps it.

    `answer_by`: until when the provider takes what proves that it was owed, where it says so.
    """

    capture: str
    amount: Money
    how: How
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One signed message of a provider. `payment` or `refund` is None where it is about something else.

    A dispute names the capture alone: the bank that disputes knows none of our numbers.
    """

    id: str
    outcome: Outcome
    payment: UUID | None = None
    refund: UUID | None = None
    dispute: Dispute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAnswer:
    """`done`: the provider says that the money has left; else it is on its way. `refused`: it never will."""

    reference: str
    done: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One line of the provider's list of a day. `uuid`: ours, where the provider was told it."""

    kind: Literal["capture", "refund"]
    reference: str
    uuid: UUID | None
    amount: Money
    at: datetime
