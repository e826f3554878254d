"""The client's screens of pawn contracts."""

from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.kernel.money import total
from tenant_apps.clients.models import Client
from tenant_apps.identity.access import clients_only, signed_in_client
from tenant_apps.pawn.domain.standing import Standing
from tenant_apps.pawn.models import PledgedObject
from tenant_apps.pawn.presentation import next_steps, shown
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.selectors import NoSuchContractError, contract_of, contracts_of, object_of

# Pictures only: a page or a drawing with a script, served from this host, would act as the client.
PHOTO_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}


@never_cache
@require_safe
@clients_only
@with_product
def contracts(request: HttpRequest) -> HttpResponse:
    """All contracts of the client."""
    today = timezone.localdate()
    views = [shown(contract=each, today=today) for each in contracts_of(client=signed_in_client(request))]
    running = [each for each in views if not each.ended]
    context = {
        "contracts": views,
        "running_count": len(running),
        "total_lent": total(each.contract.amount_lent for each in running),
        "total_due": total(each.amount_due for each in running),
    }
    return render(request, "pawn/contracts.html", context)


@never_cache
@require_safe
@clients_only
@with_product
def contract(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One contract in detail."""
    try:
        found = contract_of(client=signed_in_client(request), uuid=uuid)
    except NoSuchContractError as error:
        raise Http404 from error
    view = shown(contract=found, today=timezone.localdate())
    return render(request, "pawn/contract.html", {"contract": view, "steps": next_steps(view=view)})


@never_cache
@require_safe
@clients_only
@with_product
def object_photo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The photo of an object of one's own contract."""
    try:
        found = object_of(client=signed_in_client(request), uuid=uuid)
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
    views = [shown(contract=each, today=today) for each in contracts_of(client=client)]
    running = [each for each in views if not each.ended]
    return {
        "contracts_count": len(running),
        "ended_count": len(views) - len(running),
        "boni": next((each for each in views if each.standing is Standing.BONI_AVAILABLE), None),
        "next_due": running[0] if running else None,
        "total_due": total(each.amount_due for each in running),
    }
