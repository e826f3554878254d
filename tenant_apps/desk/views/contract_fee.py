"""Charge a fee by hand: which one, then its sum and the debt to check, then the charge."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.pawn_fee_forms import ChargeForm
from tenant_apps.desk.pawn_lines import refusal_in_words
from tenant_apps.desk.pawn_words import TARIFF_ACTS
from tenant_apps.desk.views.checking import is_lost, to_confirm, to_edit, with_check
from tenant_apps.desk.views.contract import (
    asked_by,
    back_to_contract,
    contract_or_404,
    done_already,
    refuse,
    reused,
)
from tenant_apps.identity.access import staff_only
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.services.charge_fee import (
    charge_fee,
    fees_priced,
    fees_to_charge,
    foresee_fee,
    why_not_charge,
)
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
@with_check
def charge(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    found, now = contract_or_404(uuid), timezone.now()
    # A fee that was charged already is answered again, though the contract has ended since.
    again = done_already(answers)
    if again and not to_confirm(answers):
        return back_to_contract(found, done="deja")
    offered = fees_priced if again else fees_to_charge
    form = ChargeForm(answers, fees=offered(contract=found))
    if form.is_valid() and not to_edit(answers):
        try:
            if to_confirm(answers):
                return _charged(request, found, form, now)
            return _to_check(request, found, form, timezone.localdate(now))
        except OperationReusedError:
            return reused(form)
        except NotPossibleError as error:
            refuse(form, error)
    why = why_not_charge(contract=found)
    why_not = refusal_in_words(NotPossibleError(why)) if why else ""
    return _page(request, "charge", found, form, why_not=why_not)


def _to_check(request: HttpRequest, found: Contract, form: ChargeForm, today: date) -> HttpResponse:
    return _page(
        request,
        "charge_check",
        found,
        form,
        what=TARIFF_ACTS[form.cleaned_data["act"]],
        foreseen=foresee_fee(contract=found, on=today, **form.fee),
    )


def _charged(request: HttpRequest, found: Contract, form: ChargeForm, now: datetime) -> HttpResponse:
    charge_fee(contract=found, reason=form.written_reason, **form.fee, **asked_by(request, form, now=now))
    return back_to_contract(found, done="frais-factures")


def _page(
    request: HttpRequest, template: str, found: Contract, form: ChargeForm, **more: Any
) -> HttpResponse:
    context = {"client": found.client, "contract": found, "form": form, "lost": is_lost(request), **more}
    return render(request, f"desk/pawn/{template}.html", context)
