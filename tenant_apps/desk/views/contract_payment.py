"""Money at the counter: prolong, pay a part, redeem. The price is shown first, and written once it was confirmed."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guichet.kernel.money import Money
from tenant_apps.desk.pawn_forms import PaymentForm
from tenant_apps.desk.pawn_lines import PaymentOffer, payment_offers, sum_lines
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
from tenant_apps.pawn.domain.operations import Means, OperationKind
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.links import under_way_for
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.papers.keep_papers import keep_counter_receipt
from tenant_apps.pawn.papers.keep_prolonged import is_confirmed, keep_prolonged
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.services.cash import refuse_too_much_cash
from tenant_apps.pawn.services.doing import Done
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.pay_part import pay_part
from tenant_apps.pawn.services.prolong_contract import prolong_contract
from tenant_apps.pawn.services.quote import Quote, quote_contract
from tenant_apps.pawn.services.redeem_contract import redeem_contract
from tenant_apps.pawn.wording import MEANS

_KINDS = {
    Act.PROLONG: OperationKind.PROLONGED,
    Act.PAY_PART: OperationKind.PAID_DOWN,
    Act.REDEEM: OperationKind.REDEEMED,
}
_DONE = {Act.PROLONG: "prolonge", Act.PAY_PART: "partie", Act.REDEEM: "rembourse"}


@dataclass(frozen=True, slots=True)
class Wanted:
    act: Act
    months: int | None
    amount: Money | None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
@with_check
def pay(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    """What is paid, then its price to check, then the payment."""
    found, now = contract_or_404(uuid), timezone.now()
    today = timezone.localdate(now)
    offers = payment_offers(contract=found, on=today)
    # A payment that was done already is answered again, though it could not be done any more.
    again = done_already(answers)
    if again and not to_confirm(answers):
        return back_to_contract(found, done="deja")
    choices = [(each.value, each.label) for each in offers if again or not each.why_not]
    free = [each.value for each in offers if again or each.is_free]
    form = PaymentForm(answers, offers=choices, free=free, initial={"what": _wished(request, choices)})
    if form.is_valid() and not to_edit(answers):
        confirmed = to_confirm(answers) and form.cleaned_data["paid"] is not None
        step = _paid if confirmed else _to_check
        try:
            return step(request, found, form, today)
        except OperationReusedError:
            return reused(form)
        except NotPossibleError as error:
            refuse(form, error)
    return _page(request, found, form, offers)


def _wished(request: HttpRequest, choices: list[tuple[str, str]]) -> str:
    """The choice that the link to this page named: the first prolongation, where it named one."""
    wished = request.GET.get("choix", "")
    return next((value for value, _ in choices if value.partition("-")[0] == wished), "") if wished else ""


def _page(
    request: HttpRequest, found: Contract, form: PaymentForm, offers: list[PaymentOffer]
) -> HttpResponse:
    context = {
        "client": found.client,
        "contract": found,
        "form": form,
        "offers": offers,
        "under_way": under_way_for(contract=found, now=timezone.now()),
        "can_pay": any(not each.why_not for each in offers),
        "lost": is_lost(request),
    }
    return render(request, "desk/pawn/pay.html", context)


def _wanted(form: PaymentForm) -> Wanted:
    """Of a valid form."""
    what, _, months = form.cleaned_data["what"].partition("-")
    if what == "part":
        return Wanted(Act.PAY_PART, None, form.cleaned_data["amount"])
    return Wanted(Act.PROLONG, int(months), None) if what == "prolong" else Wanted(Act.REDEEM, None, None)


def _quote(found: Contract, wanted: Wanted, on: date) -> Quote:
    return quote_contract(contract=found, act=wanted.act, on=on, months=wanted.months, amount=wanted.amount)


def _to_check(request: HttpRequest, found: Contract, form: PaymentForm, today: date) -> HttpResponse:
    """The price of today; that it is another than the one that was being confirmed is said."""
    wanted = _wanted(form)
    quote, means = _quote(found, wanted, today), form.cleaned_data["means"]
    if quote.total and not means:
        # It was free when the page was made.
        form.ask_for_means()
        return _page(request, found, form, payment_offers(contract=found, on=today))
    refuse_too_much_cash(
        contract=found,
        kind=_KINDS[wanted.act],
        means=Means(means) if means else None,
        amount=quote.total,
        on=today,
    )
    changed = form.cleaned_data["paid"] not in (None, quote.total)
    return _check(request, found, form, quote, changed=changed)


def _paid(request: HttpRequest, found: Contract, form: PaymentForm, _today: date) -> HttpResponse:
    """A confirmed payment that was done already is answered as it was, whatever the contract has become."""
    wanted, asked = _wanted(form), asked_by(request, form, now=timezone.now())
    done = _pay(found, wanted, paid=form.cleaned_data["paid"], asked=asked)
    keep = keep_prolonged if is_confirmed(operation=done.operation) else keep_counter_receipt
    make_paper(keep, operation=done.operation.uuid, now=asked["now"])
    return back_to_contract(found, done=_DONE[wanted.act])


def _pay(found: Contract, wanted: Wanted, *, paid: Money, asked: dict[str, Any]) -> Done:
    if wanted.act is Act.PROLONG:
        return prolong_contract(contract=found, months=wanted.months or 0, paid=paid, **asked)
    if wanted.act is Act.PAY_PART:
        return pay_part(contract=found, paid=paid, **asked)
    return redeem_contract(contract=found, paid=paid, **asked)


def _check(
    request: HttpRequest, found: Contract, form: PaymentForm, quote: Quote, *, changed: bool
) -> HttpResponse:
    context = {
        "client": found.client,
        "contract": found,
        "form": form,
        "quote": quote,
        "under_way": under_way_for(contract=found, now=timezone.now()),
        "lines": sum_lines(lines=quote.lines),
        "changed": changed,
        "redeems": quote.act is Act.REDEEM,
        "means": MEANS[form.cleaned_data["means"]] if quote.total else "",
    }
    return render(request, "desk/pawn/pay_check.html", context)
