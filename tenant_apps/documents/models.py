"""Documents of a client: written once, read by their owner."""

import uuid

from django.db import models

from guichet.tenancy.append_only import AppendOnly
from tenant_apps.clients.models import Client


class Document(AppendOnly):
    """One file. Its name on disk says nothing of it; its digest says whether it is still what was given."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    # What it is, as `documents.registry` names it, and what tells it from others of its kind: a number, a month.
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    # What it was made of: the same thing has one document of a kind.
    about = models.UUIDField()
    media_type = models.CharField(max_length=60)
    file = models.CharField(max_length=80, unique=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about"], name="one_document_a_thing")]
        indexes = [models.Index(fields=["client", "-made_at", "-id"], name="document_client")]
