"""The only doors to documents: always those of one client."""

import hashlib
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.paginator import Page, Paginator

from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document


class NoSuchDocumentError(LookupError):
    """There is none of that id, or it is not this client's: the same answer for both."""


class DamagedDocumentError(RuntimeError):
    """The file is gone, or is no longer what was given."""


def documents_page(*, client: Client, number: str, size: int) -> "Page[Document]":
    """Newest first. Two queries."""
    found = Document.objects.filter(client=client).order_by("-made_at", "-id")
    return Paginator(found, size).get_page(number)


def document_of(*, client: Client, uuid: UUID) -> Document:
    """Raises NoSuchDocumentError."""
    found = Document.objects.filter(client=client, uuid=uuid).first()
    if found is None:
        raise NoSuchDocumentError
    return found


def document_about(*, kind: str, about: UUID) -> Document | None:
    return Document.objects.filter(kind=kind, about=about).first()


def content_of(*, document: Document) -> bytes:
    """As it was given, or not at all. Raises DamagedDocumentError."""
    try:
        with default_storage.open(document.file) as kept:
            content: bytes = kept.read()
    except OSError as error:
        raise DamagedDocumentError(str(document.uuid)) from error
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise DamagedDocumentError(str(document.uuid))
    return content
