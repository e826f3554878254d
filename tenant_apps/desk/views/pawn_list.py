"""The contracts of the caisse, by what they wait for."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.kernel.money import Money
from tenant_apps.desk.pawn_words import WAITING
from tenant_apps.identity.access import staff_only
from tenant_apps.pawn.lists import Waiting, waiting_page
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.presentation import shown
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.services.pay_out_boni import boni_left
from tenants.policy.current import current_policy

A_PAGE = 25


@never_cache
@require_safe
@staff_only
@with_product
def pawn_list(request: HttpRequest) -> HttpResponse:
    """What is due soon, unless the address says another state."""
    waiting, today = Waiting.DUE_SOON, timezone.localdate()
    with suppress(ValueError):
        waiting = Waiting(request.GET.get("etat", ""))
    page = waiting_page(
        waiting=waiting,
        on=today,
        due_for=current_policy().pawn.due_for,
        number=request.GET.get("page", "1"),
        size=A_PAGE,
    )
    context = {
        "waiting": waiting.value,
        "title": WAITING[waiting],
        "tabs": [
            {"label": WAITING[each], "url": f"?etat={each}", "is_current": each is waiting}
            for each in Waiting
        ],
        "page": page,
        "query": f"etat={waiting}",
        "contracts": [shown(contract=each, today=today, boni=_boni(each, waiting)) for each in page],
    }
    return render(request, "desk/pawn/list.html", context)


def _boni(contract: Contract, waiting: Waiting) -> Money | None:
    """None where the list is of something else, or the sale is in the caisse's own system."""
    ours = waiting is Waiting.BONI and getattr(contract, "sale", None) is not None
    return boni_left(contract=contract) if ours else None
