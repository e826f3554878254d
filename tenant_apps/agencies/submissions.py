"""A form acts once, however often it is posted."""

import hashlib
import json
from datetime import datetime
from uuid import UUID

from tenant_apps.agencies.models import Appointment, Submission
from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenant_apps.clients.models import Client


def content_of(*parts: object) -> str:
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()


def answered(*, client: Client, form: UUID, content: str) -> Appointment | None:
    """What that form led to already. The caller holds the client's row. Raises AppointmentRefusedError."""
    found = Submission.objects.select_related("appointment").filter(client=client, form=form).first()
    if found is None:
        return None
    if found.content != content:
        raise AppointmentRefusedError("form_reused")
    return found.appointment


def keep(*, client: Client, form: UUID, content: str, appointment: Appointment, now: datetime) -> None:
    Submission.objects.create(client=client, form=form, content=content, appointment=appointment, at=now)
