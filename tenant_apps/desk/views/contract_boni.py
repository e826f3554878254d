"""Pay a boni out: who is there and how, then all of it to check, then the payment and its receipt."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.pawn_forms import BoniForm
from tenant_apps.desk.pawn_lines import why_not_now
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
from tenant_apps.identity.documents_shown import DOCUMENTS
from tenant_apps.pawn.domain.operations import Means, OperationKind
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.papers.boni_receipt import keep_boni_receipt
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.services.cash import refuse_too_much_cash
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.pay_out_boni import boni_left, foresee_boni, pay_out_boni
from tenant_apps.pawn.wording import MEANS


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
@with_check
def boni(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    found, now = contract_or_404(uuid), timezone.now()
    today = timezone.localdate(now)
    if done_already(answers) and not to_confirm(answers):
        return back_to_contract(found, done="deja")
    form = BoniForm(answers)
    if form.is_valid() and not to_edit(answers):
        confirmed = to_confirm(answers) and form.cleaned_data["left"] is not None
        try:
            return _paid(request, found, form, now) if confirmed else _to_check(request, found, form, today)
        except OperationReusedError:
            return reused(form)
        except NotPossibleError as error:
            refuse(form, error)
    why_not = why_not_now(contract=found, acts=(Act.CLAIM_BONI,), on=today)
    left = None if why_not else boni_left(contract=found)
    return _page(request, "boni", found, form, why_not=why_not, left=left)


def _to_check(request: HttpRequest, found: Contract, form: BoniForm, today: date) -> HttpResponse:
    """The sum of now; that it is another than the one that was being confirmed is said."""
    answers = form.cleaned_data
    foreseen = foresee_boni(contract=found, surety=answers["surety"], on=today)
    refuse_too_much_cash(
        contract=found,
        kind=OperationKind.BONI_PAID,
        means=Means(answers["means"]),
        amount=foreseen.left,
        on=today,
    )
    return _page(
        request,
        "boni_check",
        found,
        form,
        foreseen=foreseen,
        sale=found.sale,
        changed=answers["left"] not in (None, foreseen.left),
        document=DOCUMENTS[answers["document"]],
        means=MEANS[answers["means"]],
    )


def _paid(request: HttpRequest, found: Contract, form: BoniForm, now: datetime) -> HttpResponse:
    said = {name: form.cleaned_data[name] for name in ("document", "surety", "left")}
    done = pay_out_boni(contract=found, **said, **asked_by(request, form, now=now))
    make_paper(keep_boni_receipt, operation=done.operation.uuid, now=now)
    return back_to_contract(found, done="boni")


def _page(request: HttpRequest, template: str, found: Contract, form: BoniForm, **more: Any) -> HttpResponse:
    context = {"client": found.client, "contract": found, "form": form, "lost": is_lost(request), **more}
    return render(request, f"desk/pawn/{template}.html", context)
