"""Whether a payment may be taken back, and why not when it may not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guichet.kernel.money import ZERO, Money
from tenant_apps.pawn.domain.operations import RECEIVED, OperationKind, Source
from tenant_apps.pawn.domain.possible import WhyNot

ASIDE = frozenset(
    {OperationKind.BLOCKED, OperationKind.UNBLOCKED, OperationKind.CHARGED, OperationKind.WAIVED}
)
"""What changes neither what was paid, nor the term, nor where the contract stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Of a payment by card: what the bank of whoever paid has back of it, and what of that is owed again already."""

    amount: Money = ZERO
    owed_again: Money = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment in the history of a contract. `day`: when it was written. `since`: what was done after it and was not
    taken back, in its order. `lost`: None of one that was not made by card.
    """

    kind: OperationKind
    source: Source
    day: date
    amount: Money
    taken_back: bool
    since: Sequence[OperationKind]
    lost: Lost | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """`followed`: what stands in the way."""

    why: WhyNot
    followed: OperationKind | None = None


def why_not_take_back(*, paid: Paid, on: date) -> Refusal | None:
    """A mistake of the counter until its till is closed, with the day; what a bank has back, whenever it has it.
    Neither once something has followed.
    """
    if paid.kind not in RECEIVED or paid.source not in (Source.COUNTER, Source.CARD):
        return Refusal(WhyNot.NOT_A_PAYMENT)
    if paid.taken_back:
        return Refusal(WhyNot.TAKEN_BACK)
    if paid.source is Source.CARD:
        return _not_lost(paid) or _followed(paid)
    return _followed(paid) or (Refusal(WhyNot.TILL_CLOSED) if paid.day != on else None)


def _followed(paid: Paid) -> Refusal | None:
    followed = [each for each in paid.since if each not in ASIDE]
    if OperationKind.HANDED_OVER in followed:
        return Refusal(WhyNot.OBJECT_GONE, OperationKind.HANDED_OVER)
    return Refusal(WhyNot.FOLLOWED, followed[0]) if followed else None


def _not_lost(paid: Paid) -> Refusal | None:
    """What a bank has back in part leaves the rest with the caisse: no act of it is undone by half."""
    if paid.lost is None or not paid.lost.amount:
        return Refusal(WhyNot.NOT_LOST)
    left = paid.lost.amount - paid.lost.owed_again
    return Refusal(WhyNot.LOST_IN_PART) if left < paid.amount else None
