"""Whether every captured cent is where it must be: done, held, or given back."""

from uuid import UUID

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from guichet.kernel.money import ZERO
from tenant_apps.payments.domain.states import CAPTURED, LineState
from tenant_apps.payments.models import Payment

PLACED = (LineState.APPLIED, LineState.HELD, LineState.REFUNDING, LineState.REFUNDED)


def misplaced() -> list[UUID]:
    """Payments whose lines do not hold what was captured. None, ever: the database refuses them."""
    placed = Coalesce(Sum("lines__amount", filter=Q(lines__state__in=PLACED)), ZERO.euros)
    found = Payment.objects.filter(state__in=CAPTURED).annotate(placed=placed)
    return list(found.exclude(placed=F("captured")).values_list("uuid", flat=True))
