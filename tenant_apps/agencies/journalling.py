"""What becomes of an appointment, in the journal: who acted, and nothing of the person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tenant_apps.agencies.models import Appointment
from tenant_apps.clients.models import Client
from tenant_apps.identity.people import user_of_client
from tenant_apps.journal.record import record

KINDS = {
    "booked": "appointment.booked",
    "moved": "appointment.moved",
    "cancelled": "appointment.cancelled",
    "kept": "appointment.kept",
    "missed": "appointment.missed",
}


def known_as(client: Client) -> UUID:
    """As the journal and the outbox know a client: the user, or the file of who has no way in."""
    user = user_of_client(uuid=client.uuid)
    return user.uuid if user else client.uuid


def note(*, what: str, appointment: Appointment, by: UUID | None, now: datetime, **details: Any) -> None:
    """`by`: the user of the agency who acted; None: the client did."""
    if by is not None:
        details["by"] = str(by)
    record(
        kind=KINDS[what],
        at=now,
        subject=str(known_as(appointment.client)),
        appointment=str(appointment.uuid),
        purpose=appointment.kind,
        **details,
    )
