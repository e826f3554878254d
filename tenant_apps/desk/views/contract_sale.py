"""What an auction brought: the price, then all that follows from it to check; and a price that was mistyped."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.pawn_lines import refusal_in_words, sum_lines, why_not_now
from tenant_apps.desk.pawn_sale_forms import (
    SaleCorrectionForm,
    SaleForm,
    ask_whether_sure,
    is_unlikely,
)
from tenant_apps.desk.pawn_words import TOLD_BY
from tenant_apps.desk.reasons import reason_in_words
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
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.remind import sale_will_be_told
from tenant_apps.pawn.services.correct_sale import (
    correct_sale,
    foresee_correction,
    settles_from,
    why_not_correct,
)
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.record_sale import foresee_sale, record_sale


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
@with_check
def sell(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    """The day and the price, then what would be written, then the sale."""
    found, now = contract_or_404(uuid), timezone.now()
    today = timezone.localdate(now)
    if done_already(answers) and not to_confirm(answers):
        return back_to_contract(found, done="deja")
    form = SaleForm(answers, today=today, initial={"sold_on": found.sale_on or today})
    if form.is_valid() and not to_edit(answers):
        confirmed = to_confirm(answers) and form.cleaned_data["owed"] is not None and _is_sure(found, form)
        try:
            return _sold(request, found, form, now) if confirmed else _to_check(request, found, form, today)
        except OperationReusedError:
            return reused(form)
        except NotPossibleError as error:
            refuse(form, error)
    why_not = why_not_now(contract=found, acts=(Act.SELL,), on=today)
    return _page(request, "sell", found, form, why_not=why_not)


def _to_check(request: HttpRequest, found: Contract, form: SaleForm, today: date) -> HttpResponse:
    day, price = form.cleaned_data["sold_on"], form.cleaned_data["hammer_price"]
    foreseen = foresee_sale(contract=found, hammer_price=price, on=day)
    if form.cleaned_data["owed"] is not None and not _is_sure(found, form):
        ask_whether_sure(form)
    told = sale_will_be_told(contract=found, sold_on=day, on=today)
    return _page(
        request,
        "sell_check",
        found,
        form,
        day=day,
        price=price,
        unlikely=is_unlikely(price, appraisal=found.appraisal),
        foreseen=foreseen,
        lines=sum_lines(lines=foreseen.owed.lines),
        changed=form.cleaned_data["owed"] not in (None, foreseen.owed.total),
        settles_on=settles_from(recorded_on=today, lapses_on=foreseen.lapses_on),
        settled=today >= foreseen.lapses_on,
        told=told,
        told_by=TOLD_BY[told.channel] if told and told.channel else "",
    )


def _sold(request: HttpRequest, found: Contract, form: SaleForm, now: datetime) -> HttpResponse:
    """On the day that it took place."""
    answers = form.cleaned_data
    asked = {**asked_by(request, form, now=now), "on": answers["sold_on"]}
    record_sale(contract=found, hammer_price=answers["hammer_price"], owed=answers["owed"], **asked)
    return back_to_contract(found, done="vendu")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
@with_check
def correct(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    """The right price and why, then what it changes, then the correction."""
    found, now = contract_or_404(uuid), timezone.now()
    today = timezone.localdate(now)
    if done_already(answers) and not to_confirm(answers):
        return back_to_contract(found, done="deja")
    form = SaleCorrectionForm(answers)
    if form.is_valid() and not to_edit(answers):
        try:
            if to_confirm(answers) and form.cleaned_data["was"] is not None and _is_sure(found, form):
                return _corrected(request, found, form, now)
            return _correction_to_check(request, found, form, today)
        except OperationReusedError:
            return reused(form)
        except NotPossibleError as error:
            refuse(form, error)
    why = why_not_correct(contract=found, on=today)
    why_not = refusal_in_words(NotPossibleError(why)) if why else ""
    return _page(request, "sale_correct", found, form, why_not=why_not, sale=getattr(found, "sale", None))


def _correction_to_check(
    request: HttpRequest, found: Contract, form: SaleCorrectionForm, today: date
) -> HttpResponse:
    price = form.cleaned_data["hammer_price"]
    outcome = foresee_correction(contract=found, hammer_price=price, on=today)
    if form.cleaned_data["was"] is not None and not _is_sure(found, form):
        ask_whether_sure(form)
    return _page(
        request,
        "sale_correct_check",
        found,
        form,
        sale=found.sale,
        price=price,
        unlikely=is_unlikely(price, appraisal=found.appraisal),
        outcome=outcome,
        changed=form.cleaned_data["was"] not in (None, found.sale.hammer_price),
        reason=reason_in_words(form.written_reason),
    )


def _corrected(
    request: HttpRequest, found: Contract, form: SaleCorrectionForm, now: datetime
) -> HttpResponse:
    asked = asked_by(request, form, now=now)
    prices = {name: form.cleaned_data[name] for name in ("hammer_price", "was")}
    correct_sale(contract=found, reason=form.written_reason, **prices, **asked)
    return back_to_contract(found, done="vente-corrigee")


def _is_sure(found: Contract, form: SaleForm | SaleCorrectionForm) -> bool:
    """Of a price that looks mistyped, somebody said that it is the right one."""
    told = form.cleaned_data
    return bool(told["sure"]) or not is_unlikely(told["hammer_price"], appraisal=found.appraisal)


def _page(request: HttpRequest, template: str, found: Contract, form: Any, **more: Any) -> HttpResponse:
    context = {"client": found.client, "contract": found, "form": form, "lost": is_lost(request), **more}
    return render(request, f"desk/pawn/{template}.html", context)
