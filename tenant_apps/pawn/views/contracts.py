"""The client's screens of pawn contracts."""

from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.kernel.money import total
from tenant_apps.clients.models import Client
from tenant_apps.identity.access import clients_only, signed_in_client
from tenant_apps.pawn.attention import attention_of, urgency_of
from tenant_apps.pawn.choices import REDEEM, asks_for_sale, choices_of
from tenant_apps.pawn.forms import DayForm
from tenant_apps.pawn.history import history
from tenant_apps.pawn.holdings import holdings_of, views_of
from tenant_apps.pawn.legal import mentions_of_law
from tenant_apps.pawn.links import (
    afterwards_of,
    appraisal_address,
    boni_to_claim,
    offers_payments,
    under_way_for,
    visit_address,
)
from tenant_apps.pawn.models import PledgedObject
from tenant_apps.pawn.obstacles import obstacles_of
from tenant_apps.pawn.owing import bounds_of, owing
from tenant_apps.pawn.presentation import shown
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.selectors import NoSuchContractError, photo_of
from tenant_apps.pawn.services.fetch_object import disputes_of_contract
from tenant_apps.pawn.sold import sale_of
from tenant_apps.pawn.steps import next_steps
from tenant_apps.pawn.views.own import contract_or_404

PAGE_SIZE = 20
# Pictures only: a page or a drawing with a script, served from this host, would act as the client.
PHOTO_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}


@never_cache
@require_safe
@clients_only
@with_product
def contracts(request: HttpRequest) -> HttpResponse:
    """All contracts of the client, a page at a time; the sums and what needs attention are of all of them."""
    today, client = timezone.localdate(), signed_in_client(request)
    everything = holdings_of(client=client, today=today)
    running = [each for each in everything if not each.standing.ended]
    page = Paginator(everything, PAGE_SIZE).get_page(request.GET.get("page", ""))
    context = {
        "contracts": views_of(holdings=list(page.object_list), today=today),
        "page": page,
        "running_count": len(running),
        "total_lent": total(each.lent for each in running),
        "total_due": total(each.due for each in running),
        "total_online": total(each.due for each in running if each.redeemable),
        "attention": attention_of(holdings=everything),
        "today": today,
        "oldest_sum": min((each.as_of for each in running if each.as_of), default=None),
        "can_pay": offers_payments() and any(each.as_of is None for each in running),
    }
    return render(request, "pawn/contracts.html", context)


@never_cache
@require_safe
@clients_only
@with_product
def contract(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One contract in detail: what it owes on a day, what may be done, what happened."""
    found, today = contract_or_404(request, uuid), timezone.localdate()
    disputes = disputes_of_contract(contract=found)
    view = shown(contract=found, today=today, disputes=disputes)
    bounds = bounds_of(contract=found, today=today)
    choices = choices_of(contract=found, on=today)
    form = DayForm(request.GET if "le" in request.GET else {"le": today}, bounds=bounds)
    day = form.cleaned_data["le"] if form.is_valid() else today
    context = {
        "contract": view,
        "steps": next_steps(view=view),
        "law": mentions_of_law(view=view),
        "obstacles": obstacles_of(contract=found, on=today),
        "sale": sale_of(contract=found, on=today),
        "under_way": under_way_for(contract=found, now=timezone.now()),
        "form": form,
        "day_asked": "le" in request.GET,
        "owing": owing(contract=found, on=day, today=today),
        "today": today,
        "choices": choices,
        "can_redeem": choices.has(REDEEM),
        "can_pay": offers_payments(),
        "visit": visit_address(),
        "asks_for_sale": asks_for_sale(contract=found, on=today),
        "afterwards": None if view.in_doubt else afterwards_of(contract=found, on=today, now=timezone.now()),
        "boni": boni_to_claim(contract=found, on=today),
        "appraisal": appraisal_address(contract=found),
        "history": history(contract=found, disputes=disputes),
        "show_payments": offers_payments(),
        "prolonged": request.GET.get("fait") == "prolonge",
    }
    return render(request, "pawn/contract.html", context)


@never_cache
@require_safe
@clients_only
@with_product
def object_photo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The photo of an object of one's own contract."""
    try:
        found = photo_of(client=signed_in_client(request), uuid=uuid)
    except NoSuchContractError as error:
        raise Http404 from error
    return photo_response(found)


def photo_response(found: PledgedObject) -> HttpResponse:
    """The picture itself, where it is one. Raises Http404."""
    name = str(found.photo.name)
    kind = PHOTO_TYPES.get(PurePath(name).suffix.lower())
    if kind is None or not found.photo.storage.exists(name):
        raise Http404
    with found.photo.open("rb") as photo:
        return HttpResponse(photo.read(), content_type=kind)


def home_card(client: Client, now: datetime) -> dict[str, Any]:
    """What the home page's card shows."""
    today = timezone.localdate(now)
    everything = holdings_of(client=client, today=today)
    running = [each for each in everything if not each.standing.ended]
    first = sorted(running, key=lambda each: urgency_of(each.standing))[:1]
    return {
        "contracts_count": len(running),
        "ended_count": len(everything) - len(running),
        "next_due": next(iter(views_of(holdings=first, today=today)), None),
        # What the card says already is not said twice.
        "attention": [each for each in attention_of(holdings=everything) if each.concerned != first],
    }
