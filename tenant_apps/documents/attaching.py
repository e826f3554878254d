"""Documents as what goes with a mail."""

from uuid import UUID

from django.utils.text import slugify

from tenant_apps.documents.models import Document
from tenant_apps.documents.registry import label_of
from tenant_apps.documents.selectors import DamagedDocumentError, UnreachableDocumentError, content_of
from tenant_apps.messaging.attachments import Attached, AttachmentGoneError, register_attachments
from tenant_apps.messaging.transports import Attachment, TransportError

KIND = "document"
SUFFIXES = {"application/pdf": ".pdf"}


def register() -> None:
    register_attachments(KIND, _opened)


def attached(*, document: Document) -> Attached:
    """To a mail for its owner: who queues it has asked for that client's own."""
    return Attached(kind=KIND, uuid=document.uuid)


def file_name(*, document: Document) -> str:
    """As it is saved by who keeps it, such as `recu-de-paiement-2026-000001.pdf`."""
    return f"{slugify(label_of(document.kind))}-{slugify(document.name)}{SUFFIXES[document.media_type]}"


def _opened(uuid: UUID) -> Attachment:
    found = Document.objects.filter(uuid=uuid).first()
    if found is None:
        raise AttachmentGoneError
    try:
        content = content_of(document=found)
    except UnreachableDocumentError:
        raise TransportError("the storage of documents does not answer") from None
    except DamagedDocumentError as error:
        raise AttachmentGoneError from error
    return Attachment(name=file_name(document=found), media_type=found.media_type, content=content)
