"""Make a message of the mailbox come back, as if nobody were at its address."""

from datetime import datetime
from uuid import UUID

from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.note_return import note_return
from tenant_apps.messaging.references import Reference
from tenant_apps.messaging.selectors import times_sent_again


def send_back(*, uuid: UUID, now: datetime) -> None:
    """The last sending of it; twice changes nothing. Raises NoSuchMessageError."""
    again = times_sent_again(uuid=uuid)
    note_return(reference=Reference(uuid, again), why=Why.UNKNOWN, now=now)
