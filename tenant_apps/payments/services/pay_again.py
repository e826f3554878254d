"""Begin anew what came to nothing: the same acts, at the price of now."""

from datetime import datetime

from django.utils.translation import gettext as _

from tenant_apps.clients.models import Client
from tenant_apps.payments.domain.states import PaymentState
from tenant_apps.payments.models import Payment
from tenant_apps.payments.registry import CannotPayError
from tenant_apps.payments.services.quoting import Quote, Wanted, open_basket

ENDED_WITHOUT = frozenset({PaymentState.REFUSED, PaymentState.ABANDONED})


def pay_again(*, client: Client, payment: Payment, now: datetime) -> Quote:
    """Raises CannotPayError, with words to show: also for a payment that waits or was paid, lest one pay twice."""
    if payment.state not in ENDED_WITHOUT:
        raise CannotPayError(
            _("Ce paiement n’est pas terminé, ou il est déjà fait : ne payez pas deux fois.")
        )
    wanted = [
        Wanted(kind=line.kind, reference=line.reference, act=line.act, amount=line.amount)
        for line in payment.lines.order_by("position")
    ]
    return open_basket(client=client, wanted=wanted, now=now)
