"""What becomes of a captured sum that serves nothing: the agency keeps it, or it goes back to the card."""

from datetime import datetime

from guichet.kernel.money import total
from tenant_apps.journal.record import record
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.models import Payment, PaymentLine
from tenant_apps.payments.services.ask_refund import ask_refund
from tenant_apps.payments.services.notices import tell_of_held
from tenants.policy.current import current_policy

# What stands in the place of all lines when another sum was captured than was asked.
OTHER_SUM = "other_sum"
# The one line of a second capture of the same order.
CAPTURED_TWICE = "captured_twice"
NO_ACT = frozenset({OTHER_SUM, CAPTURED_TWICE})
"""Kinds of lines that no product knows: there is nothing to do with their sums but to give them back."""


def hold_or_refund(*, payment: Payment, lines: list[PaymentLine], now: datetime) -> None:
    """As the policy says; the client is told either way."""
    if current_policy().payments.unapplied == "refund" and all(line.reason != OTHER_SUM for line in lines):
        for line in lines:
            line.save(update_fields=["reason"])
        ask_refund(payment=payment, lines=lines, reason=lines[0].reason, by=None, now=now)
        return
    for line in lines:
        line.state = LineState.HELD
        line.save(update_fields=["state", "reason"])
    held = total(line.amount for line in lines)
    record(
        kind="payment.held",
        at=now,
        subject=str(payment.client.uuid),
        payment=str(payment.uuid),
        amount=str(held),
        reasons=sorted({line.reason for line in lines}),
    )
    tell_of_held(payment=payment, amount=held, now=now)
