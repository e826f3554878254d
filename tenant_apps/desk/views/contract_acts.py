"""What the counter does with a contract besides taking money: one frame, and what each act puts in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.pawn_block_forms import BlockForm, WaiveForm
from tenant_apps.desk.pawn_fees import due_fee_lines, fee_lines
from tenant_apps.desk.pawn_forms import (
    AnnounceForm,
    ExtraTimeForm,
    FetchForm,
    WithdrawForm,
)
from tenant_apps.desk.pawn_lines import why_not_now
from tenant_apps.desk.pawn_words import WHY_NOT
from tenant_apps.desk.views.checking import add_refusal, is_lost, sent_well, show_refused, with_check
from tenant_apps.desk.views.contract import (
    asked_by,
    back_to_contract,
    contract_or_404,
    done_already,
    refusal_of,
)
from tenant_apps.identity.access import staff_only
from tenant_apps.pawn.domain.blocking import TO_BLOCK, TO_UNBLOCK
from tenant_apps.pawn.domain.possible import Act, BlockKind, WhyNot
from tenant_apps.pawn.domain.reminders import NoticeKind
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.services.announce_sale import announce_sale
from tenant_apps.pawn.services.block_contract import (
    block_contract,
    kinds_to_block,
    kinds_to_unblock,
    unblock_contract,
)
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.fees import (
    acts_of_announcement,
    acts_of_block,
    acts_of_notice,
    acts_of_withdrawal,
)
from tenant_apps.pawn.services.fetch_object import disputes_of_contract, fetch_object
from tenant_apps.pawn.services.give_extra_time import extra_time_bounds, give_extra_time
from tenant_apps.pawn.services.waive_fee import waive_fee
from tenant_apps.pawn.services.withdraw_from_sale import withdraw_from_sale
from tenant_apps.pawn.tell import channel_for
from tenants.policy.current import current_policy

REQUESTED = "demande"
"""In the address of an announcement that the client asks for."""
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a form is made from. `answers`: those that were sent, now or before; None at a first look."""

    request: HttpRequest
    contract: Contract
    today: date
    answers: QueryDict | None


# The service, the contract, the answers of its good form, and what every act is told.
Perform = Callable[[Contract, Any, dict[str, Any]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    """`template` of desk/pawn/, `done` of `pawn_words.DONE`. `acts`: what says beforehand whether it can be done."""

    template: str
    done: str
    form: Callable[[Asking], forms.Form]
    perform: Perform
    acts: tuple[Act, ...] = ()
    besides: Callable[[dict[str, Any], date], dict[str, Any]] = lambda _context, _today: {}
    """What the page shows more, from what it shows already."""


def _page_of(act: ActPage) -> View:
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @staff_only
    @with_product
    @with_check
    def view(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
        found, now = contract_or_404(uuid), timezone.now()
        today = timezone.localdate(now)
        form = act.form(Asking(request=request, contract=found, today=today, answers=answers))
        if sent_well(request, form):
            why = _refused(request, found, form, now, act.perform)
            return show_refused(request, why) if why else back_to_contract(found, done=act.done)
        add_refusal(form, answers)
        context = {
            "client": found.client,
            "contract": found,
            "form": form,
            "lost": is_lost(request),
            # What forbids it today, before anything is typed.
            "why_not": why_not_now(contract=found, acts=act.acts, on=today),
        }
        return render(request, f"desk/pawn/{act.template}.html", {**context, **act.besides(context, today)})

    return view


def _refused(request: HttpRequest, found: Contract, form: forms.Form, now: datetime, perform: Perform) -> str:
    """Why the act of a good form was not done; nothing where it was."""
    try:
        perform(found, form, asked_by(request, form, now=now))
    except (NotPossibleError, OperationReusedError) as error:
        return refusal_of(error)
    return ""


def _by(service: Callable[..., object], *names: str) -> Perform:
    """The service is told what the form has under these names."""
    return lambda contract, form, asked: service(
        contract=contract, **{name: form.cleaned_data[name] for name in names}, **asked
    )


def _first_sale_day(today: date) -> date:
    return today + current_policy().pawn.sale_notice


def _to_block(asking: Asking) -> BlockForm:
    """Any kind, for a form that was sent before."""
    again = done_already(asking.answers)
    kinds = [*BlockKind] if again else kinds_to_block(contract=asking.contract, on=asking.today)
    return BlockForm(asking.answers, kinds={each: TO_BLOCK[each] for each in kinds})


def _to_unblock(asking: Asking) -> BlockForm:
    """As above."""
    again = done_already(asking.answers)
    kinds = [*BlockKind] if again else kinds_to_unblock(contract=asking.contract)
    return BlockForm(asking.answers, kinds={each: TO_UNBLOCK[each] for each in kinds})


def _nothing_to_do(words: Promise) -> Callable[[dict[str, Any], date], dict[str, Any]]:
    """What the page of a block says where there is none to choose."""
    return lambda context, _today: {} if context["form"].kinds else {"why_not": words}


def _fees_of_block(context: dict[str, Any], today: date) -> dict[str, Any]:
    found = context["contract"]
    if not context["form"].kinds:
        return {"why_not": _("Il n’y a plus rien à bloquer sur ce contrat.")}
    acts = acts_of_block(contract=found, kind=BlockKind.LOST_RECEIPT)
    there = {each.kind for each in found.blocks.all()}
    return {"fees": [] if BlockKind.LOST_RECEIPT in there else fee_lines(contract=found, acts=acts, on=today)}


def _fees_of_announcement(context: dict[str, Any], today: date) -> dict[str, Any]:
    found = context["contract"]
    pawn = current_policy().pawn
    said = {"first": _first_sale_day(today), "notice": pawn.sale_notice, "last": today + pawn.sale_horizon}
    if found.mirrored:
        return said
    told = acts_of_notice(kind=NoticeKind.SALE, contract=found)
    ours, theirs = (acts_of_announcement(contract=found, requested=each) for each in (False, True))
    fees, requested = (fee_lines(contract=found, acts=[*told, *acts], on=today) for acts in (ours, theirs))
    # Where it costs the same, it is said once.
    unreached = not channel_for(contract=found, kind=NoticeKind.SALE)
    once = [] if requested == fees else requested
    return {**said, "fees": fees, "requested_fees": once, "unreached": unreached}


def _fees_of_withdrawal(context: dict[str, Any], today: date) -> dict[str, Any]:
    found = context["contract"]
    acts = [] if found.mirrored else acts_of_withdrawal(contract=found)
    return {"fees": fee_lines(contract=found, acts=acts, on=today) if acts else []}


def _waive_form(asking: Asking) -> WaiveForm:
    """A fee that was waived already is answered again."""
    fees = [(each.name, each.label) for each in due_fee_lines(contract=asking.contract)]
    if asking.answers is not None and done_already(asking.answers):
        fees.append((asking.answers.get("fee", ""), ""))
    return WaiveForm(asking.answers, fees=fees)


def _waived(contract: Contract, form: WaiveForm, asked: dict[str, Any]) -> object:
    return waive_fee(contract=contract, fee=form.cleaned_data["fee"], reason=form.written_reason, **asked)


def _blocking(service: Callable[..., object]) -> Perform:
    def perform(contract: Contract, form: BlockForm, asked: dict[str, Any]) -> object:
        kind = BlockKind(form.cleaned_data["kind"])
        return service(contract=contract, kind=kind, reason=form.written_reason, **asked)

    return perform


def _fetch_form(asking: Asking) -> FetchForm:
    return FetchForm(asking.answers, disputes=disputes_of_contract(contract=asking.contract))


def _handed_over(contract: Contract, form: FetchForm, asked: dict[str, Any]) -> object:
    said = {name: form.cleaned_data[name] for name in ("name", "document")}
    return fetch_object(contract=contract, agreed=form.cleaned_data.get("agreed", False), **said, **asked)


def _more_time(contract: Contract, form: ExtraTimeForm, asked: dict[str, Any]) -> object:
    until = form.cleaned_data["until"]
    return give_extra_time(contract=contract, until=until, reason=form.written_reason, **asked)


fetch = _page_of(
    ActPage(
        template="fetch",
        done="remis",
        form=_fetch_form,
        perform=_handed_over,
        acts=(Act.FETCH,),
    )
)
announce = _page_of(
    ActPage(
        template="announce",
        done="annonce",
        form=lambda asking: AnnounceForm(
            asking.answers,
            initial={
                "sale_on": _first_sale_day(asking.today),
                "requested": REQUESTED in asking.request.GET,
            },
        ),
        perform=_by(announce_sale, "sale_on", "requested"),
        acts=(Act.ANNOUNCE_SALE, Act.REQUEST_SALE),
        besides=_fees_of_announcement,
    )
)
withdraw = _page_of(
    ActPage(
        template="withdraw",
        done="retire",
        form=lambda asking: WithdrawForm(asking.answers, initial={"charged": True}),
        perform=_by(withdraw_from_sale, "charged"),
        acts=(Act.WITHDRAW,),
        besides=_fees_of_withdrawal,
    )
)
block = _page_of(
    ActPage(
        template="block",
        done="bloque",
        form=_to_block,
        perform=_blocking(block_contract),
        besides=_fees_of_block,
    )
)
unblock = _page_of(
    ActPage(
        template="unblock",
        done="debloque",
        form=_to_unblock,
        perform=_blocking(unblock_contract),
        besides=_nothing_to_do(WHY_NOT[WhyNot.NOTHING_BLOCKS]),
    )
)
extra_time = _page_of(
    ActPage(
        template="extra_time",
        done="delai",
        form=lambda asking: ExtraTimeForm(
            asking.answers, bounds=extra_time_bounds(contract=asking.contract, on=asking.today)
        ),
        perform=_more_time,
        acts=(Act.EXTRA_TIME,),
        besides=lambda context, today: {"bounds": extra_time_bounds(contract=context["contract"], on=today)},
    )
)
waive = _page_of(
    ActPage(
        template="waive",
        done="frais",
        form=_waive_form,
        perform=_waived,
    )
)
