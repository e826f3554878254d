"""What the counter prints of a contract: the contract, the receipt of its objects, the receipts of its payments."""

import logging
from uuid import UUID

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tenant_apps.desk.views.contract import contract_or_404
from tenant_apps.documents.models import Document
from tenant_apps.documents.selectors import DamagedDocumentError, content_of
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.messaging.letter_pdf import PDF_VIEWER
from tenant_apps.pawn.papers.boni_receipt import print_boni_receipt
from tenant_apps.pawn.papers.keep_papers import (
    PDF,
    cancelled_receipt,
    keep_contract,
    keep_counter_receipt,
)
from tenant_apps.pawn.papers.keep_prolonged import is_confirmed, keep_prolonged
from tenant_apps.pawn.papers.print_receipt import print_receipt
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.selectors import operation_done
from tenant_apps.pawn.services.errors import NotPossibleError

log = logging.getLogger(__name__)


@never_cache
@require_safe
@csp_replace(PDF_VIEWER)
@staff_only
@with_product
def contract_paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """As it was signed; made now where it was never made."""
    found = contract_or_404(uuid)
    if found.mirrored:
        raise Http404
    return _kept(keep_contract(contract=found, now=timezone.now()), f"contrat-{found.number}")


@never_cache
@require_POST
@csp_replace(PDF_VIEWER)
@staff_only
@with_product
def pawn_receipt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A POST: the first one is the original, which the journal keeps in mind."""
    found = contract_or_404(uuid)
    try:
        content = print_receipt(contract=found, by=signed_in(request).uuid, now=timezone.now())
    except NotPossibleError as error:
        raise Http404 from error
    return pdf_answer(content, f"reconnaissance-{found.number}")


@never_cache
@require_POST
@csp_replace(PDF_VIEWER)
@staff_only
@with_product
def boni_receipt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A POST, as above: the first one is signed."""
    found = contract_or_404(uuid)
    printed = print_boni_receipt(contract=found, by=signed_in(request).uuid, now=timezone.now())
    if printed is None:
        raise Http404
    number, content = printed
    return pdf_answer(content, f"quittance-{number}")


@never_cache
@require_safe
@csp_replace(PDF_VIEWER)
@staff_only
@with_product
def payment_receipt(request: HttpRequest, uuid: UUID, operation: UUID) -> HttpResponse:
    """Of a payment at the counter, on this contract, or of its taking back; of a prolongation that cost nothing, its
    confirmation.
    """
    done = operation_done(uuid=operation)
    if done is None or done.contract.uuid != uuid:
        raise Http404
    now, free = timezone.now(), is_confirmed(operation=done)
    keep, name = (keep_prolonged, "prolongation") if free else (keep_counter_receipt, "recu")
    document = keep(operation=operation, now=now)
    if document is None:
        raise Http404
    name = f"{name}-{document.name}"
    again = None if free else cancelled_receipt(operation=operation, document=document.uuid)
    return _kept(document, name) if again is None else pdf_answer(again, name)


def _kept(document: Document, name: str) -> HttpResponse:
    try:
        content = content_of(document=document)
    except DamagedDocumentError as error:
        log.exception("a document is not what was stored")
        raise Http404 from error
    return pdf_answer(content, name)


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """To be looked at in the browser, and printed from there."""
    response = HttpResponse(content, content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{name.replace("/", "-")}.pdf"'
    return response
