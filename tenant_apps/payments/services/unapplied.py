"""What becomes of a captured sum that serves nothing: the agency keeps it, or it goes back to the card."""

from datetime import datetime

from guichet.kernel.money import total
from tenant_apps.journal.record import record
from tenant_apps.payments.domain.reasons import OTHER_SUM
from tenant_apps.payments.domain.states import AGAINST_US, LineState
from tenant_apps.payments.models import Payment, PaymentLine
from tenant_apps.payments.services.ask_refund import ask_refund
from tenant_apps.payments.services.notices import tell_of_held
from tenants.policy.current import current_policy


def hold_or_refund(*, payment: Payment, lines: list[PaymentLine], now: datetime) -> None:
    """As the policy says; the client is told either way. What a bank wants back too would go twice: it is held."""
    goes_back = current_policy().payments.unapplied == "refund" and payment.dispute not in AGAINST_US
    if goes_back and all(line.reason != OTHER_SUM for line in lines):
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
    tell_of_held(payment=payment, lines=lines, now=now)
