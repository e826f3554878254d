"""Keep a file for a client. It is written once; nothing changes it afterwards."""

import hashlib
from datetime import date, datetime
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenant_apps.clients.models import Client
from tenant_apps.documents.attaching import SUFFIXES
from tenant_apps.documents.models import Document
from tenant_apps.documents.registry import label_of

FOLDER = "documents"


def folder_of(*, day: date) -> str:
    """A folder a day, so that what was written lately can be looked through."""
    return f"{FOLDER}/{day.isoformat()}"


def store_document(
    *,
    uuid: UUID,
    client: Client,
    kind: str,
    name: str,
    about: UUID,
    media_type: str,
    content: bytes,
    now: datetime,
) -> Document:
    """The document of that kind about that thing: a second run finds the first one, whatever it brings.

    The file is written before its row, which always has it; one without a row is nobody's (`forget_orphans`).
    """
    label_of(kind)
    found = Document.objects.filter(kind=kind, about=about).first()
    if found is not None:
        return found
    # An opaque name: neither whose it is nor what it is can be read off a folder.
    folder = folder_of(day=timezone.localdate(now))
    path = default_storage.save(f"{folder}/{uuid4()}{SUFFIXES[media_type]}", ContentFile(content))
    try:
        with transaction.atomic():
            return Document.objects.create(
                uuid=uuid,
                client=client,
                kind=kind,
                name=name,
                about=about,
                media_type=media_type,
                file=path,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                made_at=now,
            )
    except IntegrityError:
        # Two at once: the other's is the document.
        default_storage.delete(path)
        return Document.objects.get(kind=kind, about=about)
