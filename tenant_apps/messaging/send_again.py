"""Put back in the outbox a message that was given up, or that came back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from guichet.tenancy.enqueue import enqueue
from tenant_apps.journal.record import record
from tenant_apps.messaging.models import Message

# What a reference can count; nobody has asked for it so often without a better address.
MOST = 255


class NoSuchMessageError(LookupError):
    """The outbox has none of that id."""


@transaction.atomic
def send_again(*, uuid: UUID, by: UUID, now: datetime) -> bool:
    """Whether it leaves again, with all its tries before it. A second run finds it waiting, and does nothing.

    What has lost its words (a secret is erased when it is given up) or its use (a code that has lapsed) stays as it
    is. Raises NoSuchMessageError.
    """
    message = Message.objects.select_for_update().filter(uuid=uuid).first()
    if message is None:
        raise NoSuchMessageError
    if not can_be_sent_again(message=message, now=now):
        return False
    message.state, message.attempts, message.due_at, message.last_error = Message.State.QUEUED, 0, now, ""
    message.resent, message.came_back_at = message.resent + 1, None
    message.settled_at, message.settled_by, message.settled_why = None, None, ""
    message.save()
    enqueue("messaging.deliver", message=str(message.uuid))
    about = str(message.about) if message.about else ""
    record(kind="message.sent_again", at=now, subject=about, by=str(by), message=str(uuid))
    return True


def can_be_sent_again(*, message: Message, now: datetime) -> bool:
    """Given up or come back, still of use, and with its words: those of a secret are gone."""
    lives = message.expires_at is None or now < message.expires_at
    lost = message.state in (Message.State.FAILED, Message.State.BOUNCED)
    return lost and lives and not message.secret and message.resent < MOST
