"""A sum of which a part alone serves or goes back: the rest stands on a line of its own, so that every cent has one."""

from uuid import uuid5

from guichet.kernel.money import Money
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.models import PaymentLine


def set_apart(*, line: PaymentLine, rest: Money, kind: str) -> PaymentLine:
    """`kind`: why it is set apart, one of `domain.reasons`. The rest is held.

    `line`, locked by the caller, is smaller by it: the caller saves that together with the state that it goes to, for
    the database lets no sum change otherwise.
    """
    payment = line.payment
    position = payment.lines.count()
    line.amount = line.amount - rest
    return PaymentLine.objects.create(
        payment=payment,
        position=position,
        kind=kind,
        reference=uuid5(payment.uuid, f"{kind} {position}"),
        act=kind,
        amount=rest,
        state=LineState.HELD,
        reason=kind,
    )
