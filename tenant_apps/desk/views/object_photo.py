"""The photo of a pledged object: shown, given, replaced, taken away."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guichet.web.uploads import takes_files
from tenant_apps.desk.pawn_photo_forms import PhotoForm
from tenant_apps.desk.views.contract import back_to_contract, refuse
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.pawn.models import PledgedObject
from tenant_apps.pawn.presentation import ObjectView
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.selectors import NoSuchContractError, object_of_caisse, photo_of_caisse
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.keep_photo import keep_photo, remove_photo
from tenant_apps.pawn.views.contracts import photo_response

REMOVE = "retirer"


@never_cache
@require_safe
@staff_only
@with_product
def photo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    try:
        return photo_response(photo_of_caisse(uuid=uuid))
    except NoSuchContractError as error:
        raise Http404 from error


@takes_files
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a photo, or take it away."""
    try:
        found = object_of_caisse(uuid=uuid)
    except NoSuchContractError as error:
        raise Http404 from error
    # A POST without a file is a form to mend too.
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    try:
        if REMOVE in request.POST:
            remove_photo(pledged=found, by=signed_in(request).uuid, now=timezone.now())
            return back_to_contract(found.contract, done="photo-retiree")
        if form.is_valid():
            return _kept(request, found, form.cleaned_data["photo"])
    except NotPossibleError as error:
        refuse(form, error)
    context = {"client": found.contract.client, "contract": found.contract, "object": ObjectView(found)}
    return render(request, "desk/pawn/object_photo.html", {**context, "form": form, "remove": REMOVE})


def _kept(request: HttpRequest, found: PledgedObject, picture: bytes) -> HttpResponse:
    keep_photo(pledged=found, picture=picture, by=signed_in(request).uuid, now=timezone.now())
    return back_to_contract(found.contract, done="photo")
