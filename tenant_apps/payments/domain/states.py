"""The states of a payment, of its lines and of its refunds, and the only ways from one to another.

The database holds the same lists (migration 0001, `payments_legal_step`): a test compares them.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class PaymentState(StrEnum):
    CREATED = "created"
    """Asked for, and the provider has not answered yet."""
    WAITING = "waiting"
    """The client was sent to the provider's page."""
    REFUSED = "refused"
    ABANDONED = "abandoned"
    PAID = "paid"
    """Captured; some line of it is held or goes back."""
    APPLIED = "applied"
    """Captured, and every line of it is done."""


class LineState(StrEnum):
    ASKED = "asked"
    APPLIED = "applied"
    HELD = "held"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    DROPPED = "dropped"
    """Another sum was captured than was asked: one line holds that sum in the place of all."""


class RefundState(StrEnum):
    ASKED = "asked"
    SENT = "sent"
    """The provider has taken it, and the money is on its way."""
    DONE = "done"
    FAILED = "failed"
    """The provider will not: the sum is held again."""


class DisputeState(StrEnum):
    """Of what the bank of whoever paid wants back."""

    OPEN = "open"
    WON = "won"
    """The caisse keeps the sum."""
    LOST = "lost"
    """The bank has taken it back."""


PAYMENT_STEPS: Mapping[PaymentState, frozenset[PaymentState]] = MappingProxyType(
    {
        PaymentState.CREATED: frozenset(
            {
                PaymentState.WAITING,
                PaymentState.REFUSED,
                PaymentState.ABANDONED,
                PaymentState.PAID,
                PaymentState.APPLIED,
            }
        ),
        PaymentState.WAITING: frozenset(
            {PaymentState.REFUSED, PaymentState.ABANDONED, PaymentState.PAID, PaymentState.APPLIED}
        ),
        # A capture that was told late: the money is here whatever was said before.
        PaymentState.REFUSED: frozenset({PaymentState.PAID, PaymentState.APPLIED}),
        PaymentState.ABANDONED: frozenset({PaymentState.PAID, PaymentState.APPLIED}),
        PaymentState.PAID: frozenset({PaymentState.APPLIED}),
        PaymentState.APPLIED: frozenset(),
    }
)

LINE_STEPS: Mapping[LineState, frozenset[LineState]] = MappingProxyType(
    {
        LineState.ASKED: frozenset(
            {LineState.APPLIED, LineState.HELD, LineState.REFUNDING, LineState.DROPPED}
        ),
        LineState.HELD: frozenset({LineState.APPLIED, LineState.REFUNDING}),
        LineState.REFUNDING: frozenset({LineState.REFUNDED, LineState.HELD}),
        LineState.APPLIED: frozenset(),
        # A refund that the bank sends back after it was said to be done.
        LineState.REFUNDED: frozenset({LineState.HELD}),
        LineState.DROPPED: frozenset(),
    }
)

REFUND_STEPS: Mapping[RefundState, frozenset[RefundState]] = MappingProxyType(
    {
        RefundState.ASKED: frozenset({RefundState.SENT, RefundState.DONE, RefundState.FAILED}),
        RefundState.SENT: frozenset({RefundState.DONE, RefundState.FAILED}),
        RefundState.DONE: frozenset({RefundState.FAILED}),
        RefundState.FAILED: frozenset(),
    }
)

CAPTURED = frozenset({PaymentState.PAID, PaymentState.APPLIED})
OPEN = frozenset({PaymentState.CREATED, PaymentState.WAITING})
CLOSED = frozenset({PaymentState.REFUSED, PaymentState.ABANDONED})
AGAINST_US = frozenset({DisputeState.OPEN, DisputeState.LOST})
"""The caisse has lost the sum, or may."""


class IllegalStepError(RuntimeError):
    """A slip of ours: no payment goes that way."""


def may_become(old: PaymentState, new: PaymentState) -> bool:
    return new in PAYMENT_STEPS[old]
