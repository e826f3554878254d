"""Choose what to pay: for one contract, or for several in one basket."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guichet.kernel.money import ZERO, total
from tenant_apps.identity.access import clients_only, signed_in_client
from tenant_apps.pawn.choices import PART, choices_of
from tenant_apps.pawn.forms import ActForm, BasketForm
from tenant_apps.pawn.links import appraisal_address, offers_payments
from tenant_apps.pawn.presentation import shown
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.selectors import paid_elsewhere, payable_page
from tenant_apps.pawn.views.own import contract_or_404
from tenant_apps.payments.registry import CannotPayError
from tenant_apps.payments.services.quoting import MOST_LINES, Wanted, open_basket
from tenants.policy.current import current_policy

TOTAL = "total"
"""The button that counts and pays nothing."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@clients_only
@with_product
def pay_one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Prolong, pay a part, or redeem."""
    only_with_payments()
    contract, today = contract_or_404(request, uuid), timezone.localdate()
    choices = choices_of(contract=contract, on=today)
    data = request.POST if request.method == "POST" else None
    form = ActForm(data, contract=contract, choices=choices, initial={"act": request.GET.get("acte", "")})
    refusal = ""
    if data is not None and form.is_valid():
        if (free := choices.free(form.cleaned_data["act"])) is not None:
            return redirect("prolong_free", contract.uuid, free)
        answer = _to_basket(request, form.wanted)
        if isinstance(answer, HttpResponse):
            return answer
        refusal = answer
    context: dict[str, Any] = {
        "contract": shown(contract=contract, today=today),
        "choices": choices,
        "form": form,
        "refusal": refusal,
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
    data = request.POST if request.method == "POST" else None
    form = BasketForm(data, payable=payable)
    refusal, counted = "", None
    if data is not None and form.is_valid() and TOTAL in data:
        counted = total(each.price or ZERO for each in form.chosen)
    elif data is not None and form.is_valid():
        answer = _to_basket(request, form.wanted)
        if isinstance(answer, HttpResponse):
            return answer
        refusal = answer
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
        "refusal": refusal,
        "counted": counted,
        "too_small": counted is not None and counted < current_policy().payments.least_sum,
        "elsewhere": paid_elsewhere(client=client),
    }
    return render(request, "pawn/pay_several.html", context)


def _to_basket(request: HttpRequest, wanted: Sequence[Wanted]) -> HttpResponse | str:
    """To the page where all is checked before paying; or why not, in words."""
    try:
        quote = open_basket(client=signed_in_client(request), wanted=wanted, now=timezone.now())
    except CannotPayError as refused:
        return refused.words
    return redirect("basket", quote.uuid)


def only_with_payments() -> None:
    if not offers_payments():
        raise Http404
