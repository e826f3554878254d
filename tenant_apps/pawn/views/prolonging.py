"""Prolong for nothing: everything to check, and one button."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.identity.access import clients_only, signed_in_client
from tenant_apps.pawn.choices import choices_of, prolong_act
from tenant_apps.pawn.forms import ProlongForm
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.presentation import shown
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.prolong_for_free import TermChangedError, prolong_for_free
from tenant_apps.pawn.settlement import prolonging_mentions
from tenant_apps.pawn.views.own import contract_or_404
from tenant_apps.pawn.views.paying import only_with_payments

DONE = "prolonge"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@clients_only
@with_product
def prolong_free(request: HttpRequest, uuid: UUID, months: int) -> HttpResponse:
    """Where it is free; else what there is to do instead."""
    only_with_payments()
    contract = contract_or_404(request, uuid)
    if request.method == "POST":
        return _prolong(request, contract, months)
    return _page(request, contract, months)


def _prolong(request: HttpRequest, contract: Contract, months: int) -> HttpResponse:
    form = ProlongForm(request.POST)
    if not form.is_valid():
        return _page(
            request, contract, months, refusal=_("Cette page est trop ancienne : vérifiez, puis confirmez.")
        )
    told, now = form.cleaned_data, timezone.now()
    try:
        prolong_for_free(
            contract=contract,
            months=months,
            until=told["until"],
            form=told["form"],
            on=timezone.localdate(now),
            now=now,
        )
    except (NotPossibleError, TermChangedError, OperationReusedError):
        words = _("Ce contrat a changé depuis que vous avez ouvert cette page : rien n’a été fait. Vérifiez.")
        return _page(request, contract, months, refusal=words)
    return redirect(f"{reverse('contract', args=[contract.uuid])}?fait={DONE}")


def _page(request: HttpRequest, contract: Contract, months: int, *, refusal: str = "") -> HttpResponse:
    today, act = timezone.localdate(), prolong_act(months=months)
    choices = choices_of(contract=contract, on=today)
    option = next((each for each in choices.options if each.act == act and each.free), None)
    client = signed_in_client(request)
    context = {
        "contract": shown(contract=contract, today=today),
        "option": option,
        "mentions": prolonging_mentions(free=True) if option else (),
        "refusal": refusal,
        "form_id": uuid4(),
        "is_told": bool(client.email or client.mobile),
    }
    return render(request, "pawn/prolong_free.html", context)
