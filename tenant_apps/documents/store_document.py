"""Keep a file for a client. It is written once; nothing changes it afterwards."""

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.documents.registry import label_of

FOLDER = "documents"
SUFFIXES = {"application/pdf": ".pdf"}


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

    The file is written before its row: a row always has its file, and a file that no row names is nobody's.
    """
    label_of(kind)
    found = Document.objects.filter(kind=kind, about=about).first()
    if found is not None:
        return found
    # An opaque name: neither whose it is nor what it is can be read off a folder.
    path = default_storage.save(f"{FOLDER}/{uuid4()}{SUFFIXES[media_type]}", ContentFile(content))
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
