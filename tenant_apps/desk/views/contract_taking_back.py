"""A payment that is taken back: why, then what follows to check, then the act."""

from copy import copy
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.pawn_lines import refusal_in_words
from tenant_apps.desk.pawn_taking_back_forms import TakeBackForm
from tenant_apps.desk.pawn_words import OPERATIONS
from tenant_apps.desk.reasons import reason_in_words
from tenant_apps.desk.views.checking import is_lost, to_confirm, to_edit, with_check
from tenant_apps.desk.views.contract import (
    asked_by,
    back_to_contract,
    contract_or_404,
    done_already,
    make_paper,
    refuse,
    reused,
)
from tenant_apps.identity.access import staff_only
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.keep_papers import keep_counter_receipt
from tenant_apps.pawn.presentation import ContractView, shown
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.foresee_taking_back import (
    NoSuchOperationError,
    Restored,
    foresee_taking_back,
    operation_of,
)
from tenant_apps.pawn.services.take_back import appointments_to_cancel, take_back
from tenant_apps.pawn.wording import MEANS


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
@with_check
def take_back_payment(
    request: HttpRequest, uuid: UUID, paid: UUID, answers: QueryDict | None
) -> HttpResponse:
    """Of a payment of this contract, at the counter or by card."""
    found, now = contract_or_404(uuid), timezone.now()
    payment, today = _payment_or_404(found, paid), timezone.localdate(now)
    if done_already(answers) and not to_confirm(answers):
        return back_to_contract(found, done="deja")
    form = TakeBackForm(answers, by_bank=payment.payment is not None)
    if form.is_valid() and not to_edit(answers):
        try:
            step = _taken_back if to_confirm(answers) else _check
            return step(request, found, payment, form, now)
        except OperationReusedError:
            return reused(form)
        except NotPossibleError as error:
            refuse(form, error)
    return _page(request, "take_back", found, payment, form, why_not=_why_not(payment, today))


def _payment_or_404(found: Contract, paid: UUID) -> Operation:
    try:
        payment = operation_of(contract=found, uuid=paid)
    except NoSuchOperationError as error:
        raise Http404 from error
    payment.contract = found
    return payment


def _why_not(payment: Operation, today: date) -> str:
    try:
        foresee_taking_back(operation=payment, on=today)
    except NotPossibleError as error:
        return refusal_in_words(error)
    return ""


def _check(
    request: HttpRequest, found: Contract, payment: Operation, form: TakeBackForm, now: datetime
) -> HttpResponse:
    today = timezone.localdate(now)
    restored = foresee_taking_back(operation=payment, on=today)
    return _page(
        request,
        "take_back_check",
        found,
        payment,
        form,
        after=_after(found, restored, today),
        reason=reason_in_words(form.written_reason),
        appointments=appointments_to_cancel(payment=payment, now=now),
    )


def _after(found: Contract, restored: Restored, today: date) -> ContractView:
    """As its page would show it."""
    after = copy(found)
    after.state, after.due_on, after.extra_until = restored.state, restored.term, restored.extra_until
    after.sale_on, after.announced_on = restored.sale_on, restored.announced_on
    return shown(contract=after, today=today, due=restored.owed)


def _taken_back(
    request: HttpRequest, found: Contract, payment: Operation, form: TakeBackForm, now: datetime
) -> HttpResponse:
    asked = asked_by(request, form, now=now)
    done = take_back(contract=found, paid=payment.uuid, reason=form.written_reason, **asked)
    make_paper(keep_counter_receipt, operation=done.operation.uuid, now=now)
    return back_to_contract(found, done="dette-remise" if payment.payment else "encaissement-annule")


def _page(
    request: HttpRequest, template: str, found: Contract, payment: Operation, form: Any, **more: Any
) -> HttpResponse:
    context = {
        "client": found.client,
        "contract": found,
        "payment": payment,
        "what": OPERATIONS[payment.kind],
        "means": MEANS[payment.means] if payment.means else "",
        "by_bank": payment.payment is not None,
        "form": form,
        "lost": is_lost(request),
        **more,
    }
    return render(request, f"desk/pawn/{template}.html", context)
