"""How much of a held sum is still the caisse's to decide on."""

from guichet.kernel.money import ZERO, Money, total
from tenant_apps.payments.domain.reasons import BANK_TOOK
from tenant_apps.payments.domain.states import DisputeState, LineState
from tenant_apps.payments.models import Payment, PaymentLine

PLACED = (LineState.APPLIED, LineState.REFUNDING, LineState.REFUNDED)
"""What a sum is no longer decided on in."""


def taken_by_bank(*, payment: Payment) -> Money:
    """By that of whoever paid."""
    return (payment.disputed or ZERO) if payment.dispute == DisputeState.LOST else ZERO


def still_here(*, line: PaymentLine) -> Money:
    """Of that sum, what may serve or go back: what serves, goes back or was taken is never more than was captured.

    All of it where no bank has taken anything, nothing while one wants something back. No query where the payment's
    lines were fetched.
    """
    payment = line.payment
    if payment.dispute == DisputeState.OPEN or is_gone(line):
        return ZERO
    whole: Money = line.amount
    taken = taken_by_bank(payment=payment)
    if not taken:
        return whole
    placed = total(each.amount for each in payment.lines.all() if each.state in PLACED)
    return max(min(whole, (payment.captured or ZERO) - taken - placed), ZERO)


def is_gone(line: PaymentLine) -> bool:
    """What was set apart because the bank has it."""
    return line.kind == BANK_TOOK and line.payment.dispute == DisputeState.LOST
