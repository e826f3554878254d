"""The pawn contracts of a client, and one of them, as the counter sees them."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenant_apps.desk.pawn_history import history_lines
from tenant_apps.desk.pawn_lines import act_lines, debt_lines, refusal_in_words
from tenant_apps.desk.pawn_words import BLOCKS, DONE, REUSED, TARIFF_ACTS
from tenant_apps.desk.selectors import NoSuchClientError, file_of
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.journal.record import record
from tenant_apps.pawn.domain.operations import Means, OperationKind, Origin, at_counter
from tenant_apps.pawn.holdings import holdings_of, views_of
from tenant_apps.pawn.loans import still_done
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.boni_receipt import boni_receipt_printed_at
from tenant_apps.pawn.presentation import shown
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.selectors import (
    NoSuchContractError,
    contract_of_caisse,
    history_of,
    notices_of,
    operation_done,
)
from tenant_apps.pawn.services.block_contract import kinds_to_block, kinds_to_unblock
from tenant_apps.pawn.services.charge_fee import fees_to_charge
from tenant_apps.pawn.services.correct_sale import why_not_correct
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.fees import fees_due
from tenant_apps.pawn.services.foresee_taking_back import payment_to_take_back
from tenant_apps.pawn.services.pay_out_boni import boni_left
from tenant_apps.pawn.wording import NOTICES
from tenant_apps.payments.selectors import disputed_among

log = logging.getLogger(__name__)
OPENED = "desk.contract_opened"


@never_cache
@require_safe
@staff_only
@with_product
def contracts(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All contracts of a client."""
    try:
        client, _user = file_of(uuid=uuid)
    except NoSuchClientError as error:
        raise Http404 from error
    today = timezone.localdate()
    # As the client's own list adds them up.
    views = views_of(holdings=holdings_of(client=client, today=today), today=today)
    return render(request, "desk/pawn/contracts.html", {"client": client, "contracts": views})


@never_cache
@require_safe
@staff_only
@with_product
def contract(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One contract, what can be done with it, and its history. That it was looked at is journalled."""
    found, now = contract_or_404(uuid), timezone.now()
    today = timezone.localdate(now)
    record(
        kind=OPENED,
        at=now,
        subject=str(found.client.uuid),
        by=str(signed_in(request).uuid),
        contract=str(found.uuid),
    )
    sale, operations = getattr(found, "sale", None), history_of(contract=found)
    last = payment_to_take_back(contract=found, history=operations, on=today)
    disputes = disputed_among(uuids=[each.payment for each in still_done(operations) if each.payment])
    context = {
        "client": found.client,
        "contract": shown(contract=found, today=today, disputes=disputes),
        "due": debt_lines(contract=found, on=today),
        "acts": act_lines(contract=found, on=today),
        "blocks": [(BLOCKS[each.kind], each.since) for each in found.blocks.all()],
        "to_block": [BLOCKS[each] for each in kinds_to_block(contract=found, on=today)],
        "to_unblock": [BLOCKS[each] for each in kinds_to_unblock(contract=found)],
        "fees": fees_due(contract=found),
        "to_charge": [TARIFF_ACTS[each.act] for each in fees_to_charge(contract=found)],
        "sale": sale,
        "why_not_correct": _why_not_correct(found, today) if sale else "",
        "boni_left": boni_left(contract=found) if sale and sale.boni else None,
        "boni_paid": _boni_paid(found, operations),
        "history": history_lines(
            contract=found, operations=operations, to_take_back=last.uuid if last else None
        ),
        "disputes": disputes,
        "to_take_back": last,
        "handed_over": getattr(found, "handover", None) is not None,
        "notices": [(NOTICES[each.kind], each.at) for each in notices_of(contract=found)],
        "done": DONE.get(request.GET.get("fait", "")),
    }
    return render(request, "desk/pawn/contract.html", context)


def _why_not_correct(found: Contract, today: date) -> str:
    why = why_not_correct(contract=found, on=today)
    return refusal_in_words(NotPossibleError(why)) if why else ""


def _boni_paid(found: Contract, operations: Sequence[Operation]) -> dict[str, Any] | None:
    """What its receipt is printed from; one query, of a contract whose boni was paid under a number."""
    paid = [each for each in operations if each.kind == OperationKind.BONI_PAID and each.receipt]
    return {"printed_at": boni_receipt_printed_at(contract=found, operation=paid[0].uuid)} if paid else None


def contract_or_404(uuid: UUID) -> Contract:
    try:
        return contract_of_caisse(uuid=uuid)
    except NoSuchContractError as error:
        raise Http404 from error


def back_to_contract(found: Contract, *, done: str) -> HttpResponse:
    """`done`: a code of `pawn_words.DONE`."""
    return redirect(f"{reverse('desk_contract', args=[found.uuid])}?fait={done}")


def make_paper(make: Callable[..., object], **about: Any) -> None:
    """After the act, which is done whatever happens to its paper: what is not made now is made when it is asked for,
    or at night.
    """
    try:
        make(**about)
    except OSError:
        log.exception("the paper of an act could not be kept")


def asked_by(request: HttpRequest, form: forms.Form, *, now: datetime) -> dict[str, Any]:
    """What every act is told: its number, who does it, and when."""
    means = form.cleaned_data.get("means")
    origin: Origin = at_counter(by=signed_in(request).uuid, means=Means(means) if means else None)
    return {
        "operation": form.cleaned_data["operation"],
        "origin": origin,
        "on": timezone.localdate(now),
        "now": now,
    }


def refuse(form: forms.Form, error: NotPossibleError | OperationReusedError) -> None:
    """Say on the page why nothing was done."""
    form.add_error(None, refusal_of(error))


def refusal_of(error: NotPossibleError | OperationReusedError) -> str:
    return str(REUSED) if isinstance(error, OperationReusedError) else refusal_in_words(error)


def reused(form: forms.Form) -> HttpResponse:
    """What the number of a form served for, when it was for something else than what is asked now."""
    done = operation_done(uuid=form.cleaned_data["operation"])
    if done is None:
        raise AssertionError("a number that was used is in the history")
    return back_to_contract(done.contract, done="autre")


def done_already(answers: QueryDict | None) -> bool:
    """Whether the act of this form was done: the same form was sent before."""
    if answers is None:
        return False
    try:
        return operation_done(uuid=UUID(answers.get("operation", ""))) is not None
    except ValueError:
        return False
