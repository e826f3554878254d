"""Choose what to pay: for one contract, or for several in one basket."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guichet.kernel.money import ZERO, total
from tenant_apps.identity.access import clients_only, signed_in_client
from tenant_apps.pawn.choices import PART, choices_of
from tenant_apps.pawn.forms import ActForm, BasketForm
from tenant_apps.pawn.links import appraisal_address, offers_payments, under_way_among, under_way_for
from tenant_apps.pawn.presentation import shown
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.selectors import paid_elsewhere, payable_page
from tenant_apps.pawn.views.own import contract_or_404
from tenant_apps.payments.registry import CannotPayError
from tenant_apps.payments.services.quoting import MOST_LINES, open_basket, why_no_basket
from tenants.policy.current import current_policy

TOTAL = "total"
"""The button that counts and pays nothing."""
SHOWN_AGAIN, LONGEST_SHOWN = "choix", 40
"""In the address of choices that were sent, and how much of each stands there."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@clients_only
@with_product
def pay_one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Prolong, pay a part, or redeem."""
    only_with_payments()
    contract, today = contract_or_404(request, uuid), timezone.localdate()
    choices = choices_of(contract=contract, on=today)
    initial = {"act": request.GET.get("acte", "")}
    form = ActForm(_answers(request), contract=contract, choices=choices, initial=initial)
    free = choices.free(form.cleaned_data["act"]) if form.is_valid() else None
    if free is not None:
        return redirect("prolong_free", contract.uuid, free)
    if request.method == "POST":
        return _to_basket(request, form)
    context: dict[str, Any] = {
        "contract": shown(contract=contract, today=today),
        "choices": choices,
        "form": form,
        "refusal": _refusal(request, form),
        "under_way": under_way_for(contract=contract, now=timezone.now()),
        "prolongations": [each for each in choices.options if each.effect],
        "appraisal": appraisal_address(contract=contract),
    }
    return render(request, "pawn/pay_one.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@clients_only
@with_product
def pay_several(request: HttpRequest) -> HttpResponse:
    """One choice a contract, as many contracts as a basket takes; the rest on the next page."""
    only_with_payments()
    today = timezone.localdate()
    client = signed_in_client(request)
    page = payable_page(client=client, number=request.GET.get("page", ""), size=MOST_LINES)
    payable = [(each, choices_of(contract=each, on=today)) for each in page.object_list]
    form = BasketForm(_answers(request), payable=payable)
    if request.method == "POST":
        return _to_basket(request, form)
    counts = form.is_valid() and TOTAL in request.GET
    counted = total(each.price or ZERO for each in form.chosen) if counts else None
    rows = [
        {
            "contract": shown(contract=each, today=today),
            "choices": choices,
            "part": choices.has(PART),
            "field": form[each.uuid.hex],
        }
        for each, choices in payable
    ]
    context: dict[str, Any] = {
        "rows": rows,
        "form": form,
        "page": page,
        "refusal": "" if counts else _refusal(request, form),
        "counted": counted,
        "too_small": counted is not None and counted < current_policy().payments.least_sum,
        "under_way": under_way_among(client=client, contracts=[*page], now=timezone.now()),
        "elsewhere": paid_elsewhere(client=client),
    }
    return render(request, "pawn/pay_several.html", context)


def _answers(request: HttpRequest) -> QueryDict | None:
    """What is sent, or what the address shows again."""
    if request.method == "POST":
        return request.POST
    return request.GET if SHOWN_AGAIN in request.GET else None


def _to_basket(request: HttpRequest, form: ActForm | BasketForm) -> HttpResponse:
    """To the page where all is checked before paying; back to the choices where they are to be mended or counted.

    They stand in the address then, so that Back and reload ask for a page and never for a sending to be repeated.
    """
    if form.is_valid() and TOTAL not in request.POST:
        try:
            quote = open_basket(client=signed_in_client(request), wanted=form.wanted, now=timezone.now())
        except CannotPayError:
            # The page says why, as it stands then.
            return _shown_again(request, form)
        return redirect("basket", quote.uuid)
    return _shown_again(request, form)


def _shown_again(request: HttpRequest, form: ActForm | BasketForm) -> HttpResponse:
    """No field takes as many signs as are kept: what is too long is so still."""
    sent = {each: request.POST.get(each, "")[:LONGEST_SHOWN] for each in (*form.fields, TOTAL)}
    page = {"page": request.GET["page"][:LONGEST_SHOWN]} if "page" in request.GET else {}
    asked = urlencode({**page, SHOWN_AGAIN: "1", **{name: value for name, value in sent.items() if value}})
    return redirect(f"{request.path}?{asked}{'#total' if TOTAL in request.POST else ''}")


def _refusal(request: HttpRequest, form: ActForm | BasketForm) -> str:
    """Why no basket was opened, where that is still so."""
    if not form.is_bound or not form.is_valid():
        return ""
    return why_no_basket(client=signed_in_client(request), wanted=form.wanted, now=timezone.now())


def only_with_payments() -> None:
    if not offers_payments():
        raise Http404
