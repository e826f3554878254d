"""The client's own documents."""

import logging
from uuid import UUID

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenant_apps.documents.attaching import file_name
from tenant_apps.documents.products import with_product
from tenant_apps.documents.registry import details_of, label_of
from tenant_apps.documents.selectors import (
    DamagedDocumentError,
    NoSuchDocumentError,
    content_of,
    document_of,
    documents_page,
)
from tenant_apps.identity.access import clients_only, signed_in_client
from tenant_apps.messaging.letter_pdf import PDF_VIEWER

A_PAGE = 20
log = logging.getLogger(__name__)


@never_cache
@require_safe
@clients_only
@with_product
def documents(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    page = documents_page(client=signed_in_client(request), number=request.GET.get("page", "1"), size=A_PAGE)
    details: dict[UUID, str] = {}
    for kind in sorted({each.kind for each in page}):
        details |= details_of(kind=kind, about=[each.about for each in page if each.kind == kind])
    lines = [
        {"document": each, "label": label_of(each.kind), "details": details.get(each.about, "")}
        for each in page
    ]
    return render(request, "documents/documents.html", {"page": page, "lines": lines})


@never_cache
@require_safe
@csp_replace(PDF_VIEWER)
@clients_only
@with_product
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The file itself, to its owner."""
    try:
        found = document_of(client=signed_in_client(request), uuid=uuid)
        content = content_of(document=found)
    except NoSuchDocumentError as error:
        raise Http404 from error
    except DamagedDocumentError as error:
        log.exception("a document is not what was stored")
        raise Http404 from error
    response = HttpResponse(content, content_type=found.media_type)
    response["Content-Disposition"] = f'inline; filename="{file_name(document=found)}"'
    return response
