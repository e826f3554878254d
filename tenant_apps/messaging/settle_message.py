"""Close a message that did not get there: staff have dealt with it, and say how."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.journal.record import record
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.selectors import UNDELIVERED
from tenant_apps.messaging.send_again import NoSuchMessageError

SETTLED = "message.settled"


@transaction.atomic
def settle_message(*, uuid: UUID, by: UUID, reason: str, now: datetime) -> bool:
    """Whether it was open: a second run, or what has left again meanwhile, changes nothing.

    The doubt about its address stays. Raises NoSuchMessageError.
    """
    message = Message.objects.select_for_update().filter(uuid=uuid).first()
    if message is None:
        raise NoSuchMessageError
    if not is_open(message=message):
        return False
    message.settled_at, message.settled_by, message.settled_why = now, by, reason
    message.save(update_fields=["settled_at", "settled_by", "settled_why"])
    about = str(message.about) if message.about else ""
    record(kind=SETTLED, at=now, subject=about, by=str(by), message=str(uuid), reason=reason)
    return True


def is_open(*, message: Message) -> bool:
    """It did not get there, and nobody has dealt with it."""
    return message.state in UNDELIVERED and message.settled_at is None
