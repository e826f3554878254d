"""What the counter does with a contract besides taking money."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.pawn_forms import (
    AnnounceForm,
    BlockForm,
    BoniForm,
    FetchForm,
    SaleForm,
    WithdrawForm,
)
from tenant_apps.desk.pawn_lines import why_not_now
from tenant_apps.desk.views.account import posted
from tenant_apps.desk.views.contract import asked_by, back_to_contract, contract_or_404, done_already, refuse
from tenant_apps.identity.access import staff_only
from tenant_apps.pawn.domain.possible import Act, BlockKind
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.services.announce_sale import announce_sale
from tenant_apps.pawn.services.block_contract import block_contract, unblock_contract
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.fetch_object import fetch_object
from tenant_apps.pawn.services.pay_out_boni import boni_left, pay_out_boni
from tenant_apps.pawn.services.record_sale import record_sale
from tenant_apps.pawn.services.withdraw_from_sale import withdraw_from_sale
from tenants.policy.current import current_policy

Perform = Callable[[Contract, forms.Form, dict[str, Any]], object]


def _done(request: HttpRequest, found: Contract, form: forms.Form, now: datetime, perform: Perform) -> bool:
    """Whether the form was good and the act was done; if not, the form says why."""
    if not form.is_valid():
        return False
    try:
        perform(found, form, asked_by(request, form, now=now))
    except (NotPossibleError, OperationReusedError) as error:
        refuse(form, error)
        return False
    return True


def _context(found: Contract, form: forms.Form, *acts: Act) -> dict[str, Any]:
    """`why_not`: what forbids the act today, before anything is typed."""
    return {
        "client": found.client,
        "contract": found,
        "form": form,
        "why_not": why_not_now(contract=found, acts=acts, on=timezone.localdate()),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
def fetch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand over the objects of a redeemed contract."""
    found, now, form = contract_or_404(uuid), timezone.now(), FetchForm(posted(request))

    def perform(contract: Contract, form: forms.Form, asked: dict[str, Any]) -> object:
        given = {name: form.cleaned_data[name] for name in ("name", "document")}
        return fetch_object(contract=contract, **given, **asked)

    if _done(request, found, form, now, perform):
        return back_to_contract(found, done="remis")
    return render(request, "desk/pawn/fetch.html", _context(found, form, Act.FETCH))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
def announce(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Announce the sale for a day."""
    found, now, notice = contract_or_404(uuid), timezone.now(), current_policy().pawn.sale_notice
    first = timezone.localdate(now) + notice
    form = AnnounceForm(posted(request), initial={"sale_on": first})

    def perform(contract: Contract, form: forms.Form, asked: dict[str, Any]) -> object:
        given = {name: form.cleaned_data[name] for name in ("sale_on", "requested")}
        return announce_sale(contract=contract, **given, **asked)

    if _done(request, found, form, now, perform):
        return back_to_contract(found, done="annonce")
    context = _context(found, form, Act.ANNOUNCE_SALE, Act.REQUEST_SALE)
    return render(request, "desk/pawn/announce.html", {**context, "first": first, "notice": notice})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the contract off the sale."""
    found, now = contract_or_404(uuid), timezone.now()
    form = WithdrawForm(posted(request), initial={"charged": True})

    def perform(contract: Contract, form: forms.Form, asked: dict[str, Any]) -> object:
        return withdraw_from_sale(contract=contract, charged=form.cleaned_data["charged"], **asked)

    if _done(request, found, form, now, perform):
        return back_to_contract(found, done="retire")
    return render(request, "desk/pawn/withdraw.html", _context(found, form, Act.WITHDRAW))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
def sell(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the auction brought, on the day that it took place."""
    found, now = contract_or_404(uuid), timezone.now()
    today = timezone.localdate(now)
    form = SaleForm(posted(request), today=today, initial={"sold_on": found.sale_on or today})

    def perform(contract: Contract, form: forms.Form, asked: dict[str, Any]) -> object:
        day, price = form.cleaned_data["sold_on"], form.cleaned_data["hammer_price"]
        return record_sale(contract=contract, hammer_price=price, **{**asked, "on": day})

    if _done(request, found, form, now, perform):
        return back_to_contract(found, done="vendu")
    return render(request, "desk/pawn/sell.html", _context(found, form, Act.SELL))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
def boni(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Pay out the boni."""
    found, now, form = contract_or_404(uuid), timezone.now(), BoniForm(posted(request))

    def perform(contract: Contract, form: forms.Form, asked: dict[str, Any]) -> object:
        given = {name: form.cleaned_data[name] for name in ("document", "surety")}
        return pay_out_boni(contract=contract, **given, **asked)

    if _done(request, found, form, now, perform):
        return back_to_contract(found, done="boni")
    context = _context(found, form, Act.CLAIM_BONI)
    left = boni_left(contract=found) if not context["why_not"] else None
    return render(request, "desk/pawn/boni.html", {**context, "left": left})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
def block(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Something begins to stand in the way of the contract."""
    found, now = contract_or_404(uuid), timezone.now()
    form = BlockForm(posted(request), kinds=_kinds(request, found, blocked=False))
    if _done(request, found, form, now, _blocking(block_contract)):
        return back_to_contract(found, done="bloque")
    return render(request, "desk/pawn/block.html", _context(found, form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
def unblock(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Something stands in the way no more."""
    found, now = contract_or_404(uuid), timezone.now()
    form = BlockForm(posted(request), kinds=_kinds(request, found, blocked=True))
    if _done(request, found, form, now, _blocking(unblock_contract)):
        return back_to_contract(found, done="debloque")
    return render(request, "desk/pawn/unblock.html", _context(found, form))


def _kinds(request: HttpRequest, found: Contract, *, blocked: bool) -> list[BlockKind]:
    """Those that stand in the way, or do not; any, for a form that was sent before."""
    there = {each.kind for each in found.blocks.all()}
    return [each for each in BlockKind if done_already(request) or (each in there) == blocked]


def _blocking(service: Callable[..., object]) -> Perform:
    def perform(contract: Contract, form: forms.Form, asked: dict[str, Any]) -> object:
        if not isinstance(form, BlockForm):
            raise TypeError(type(form).__name__)
        kind = BlockKind(form.cleaned_data["kind"])
        return service(contract=contract, kind=kind, reason=form.written_reason, **asked)

    return perform
