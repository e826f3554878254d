"""The only doors to documents: always those of one client."""

import hashlib
from collections.abc import Collection
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.paginator import Page, Paginator

from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document


class NoSuchDocumentError(LookupError):
    """There is none of that id, or it is not this client's: the same answer for both."""


class DamagedDocumentError(RuntimeError):
    """The file is gone, or is no longer what was given."""


class UnreachableDocumentError(DamagedDocumentError):
    """The storage does not answer just now: it may later."""


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


def documents_about(*, client: Client, kind: str, about: Collection[UUID]) -> dict[UUID, UUID]:
    """Of this client's, those of that kind: by what each is about. One query, and none for nothing."""
    if not about:
        return {}
    found = Document.objects.filter(client=client, kind=kind, about__in=about)
    return dict(found.values_list("about", "uuid"))


def content_of(*, document: Document) -> bytes:
    """As it was given, or not at all. Raises DamagedDocumentError."""
    try:
        with default_storage.open(document.file) as kept:
            content: bytes = kept.read()
    except FileNotFoundError as error:
        raise DamagedDocumentError(str(document.uuid)) from error
    except OSError as error:
        raise UnreachableDocumentError(str(document.uuid)) from error
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise DamagedDocumentError(str(document.uuid))
    return content
