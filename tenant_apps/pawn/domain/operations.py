"""What may be done with a contract as its history names it, and what money is made of."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from tenant_apps.pawn.domain.tariffs.lines import Kind


class OperationKind(StrEnum):
    OPENED = "opened"
    PROLONGED = "prolonged"
    PAID_DOWN = "paid_down"
    REDEEMED = "redeemed"
    HANDED_OVER = "handed_over"
    ANNOUNCED = "announced"
    WITHDRAWN = "withdrawn"
    SOLD = "sold"
    BONI_PAID = "boni_paid"
    BONI_LAPSED = "boni_lapsed"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    CHARGED = "charged"
    EXTRA_TIME = "extra_time"
    WAIVED = "waived"
    SALE_CORRECTED = "sale_corrected"
    TAKEN_BACK = "taken_back"
    """A payment that was recorded by mistake, or that the bank of whoever paid has back: its parts are those of that
    payment, below nothing.
    """


PAID_OUT = frozenset({OperationKind.OPENED, OperationKind.BONI_PAID})
"""The caisse pays; of all others it is paid, where money moves at all."""


IN_THE_BOOKS = frozenset({OperationKind.BONI_LAPSED})
"""No money changes hands: what was owed to the client is the caisse's."""
AT_AUCTION = frozenset({OperationKind.SOLD, OperationKind.SALE_CORRECTED})
"""What buyers paid, and nobody at the counter."""
RECEIVED = frozenset({OperationKind.PROLONGED, OperationKind.PAID_DOWN, OperationKind.REDEEMED})
"""What the client pays, and has a receipt of."""
WITH_RECEIPT = RECEIVED | {OperationKind.TAKEN_BACK}
"""At the counter: a receipt, or the cancellation of one."""


class Source(StrEnum):
    COUNTER = "counter"
    CARD = "card"
    CLOCK = "clock"
    CLIENT = "client"
    """By the client, on line, and for nothing: what costs something comes with its payment."""


class Means(StrEnum):
    """How money changes hands at the counter."""

    CASH = "cash"
    CARD = "card"
    CHEQUE = "cheque"
    TRANSFER = "transfer"


TO_PAY_OUT = (Means.CASH, Means.CHEQUE, Means.TRANSFER)
"""A card terminal takes money, and gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an act comes from: somebody of the agency, a payment by card, the calendar, or the client.

    `means`: at the counter, where money moves.
    """

    source: Source
    by: UUID | None = None
    payment: UUID | None = None
    means: Means | None = None


def at_counter(*, by: UUID, means: Means | None = None) -> Origin:
    """`by`: who of the agency."""
    return Origin(source=Source.COUNTER, by=by, means=means)


def by_card(*, payment: UUID) -> Origin:
    return Origin(source=Source.CARD, payment=payment)


BY_THE_CLOCK = Origin(source=Source.CLOCK)
BY_CLIENT = Origin(source=Source.CLIENT)


class Part(StrEnum):
    LENT = "lent"
    CAPITAL = "capital"
    INTEREST = "interest"
    MINIMUM = "minimum"
    FIXED_FEE = "fixed_fee"
    PENALTY = "penalty"
    ACT = "act"
    BONI = "boni"
    DEFICIT = "deficit"
    """Below nothing: what the sale did not bring."""


def part_of(kind: Kind) -> Part:
    """A line of the tariff's account as a part of a payment."""
    return Part(kind.value)
