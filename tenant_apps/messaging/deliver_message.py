"""Send what waits in the outbox."""

import json
import logging
import traceback
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from guichet.kernel.sealing import SealBrokenError
from guichet.tenancy.signing import keyring
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.transports import Envelope, Transport, TransportError

PURPOSE = "message"
log = logging.getLogger(__name__)


def deliver_message(*, uuid: UUID, now: datetime) -> Message.State | None:
    """Send one message if it still waits and is due. Idempotent; None when another worker has it.

    The row stays locked while the provider answers, so that two workers never send it twice.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update(skip_locked=True).filter(uuid=uuid).first()
        if message is None:
            return None
        if message.state != Message.State.QUEUED or message.due_at > now:
            return Message.State(message.state)
        if message.channel == Message.Channel.LETTER:
            _show_copy(message, now=now)
            return Message.State(message.state)
        if message.expires_at is not None and message.expires_at <= now:
            _close(message, state=Message.State.EXPIRED)
        else:
            _send(message, now=now)
        message.save()
        return Message.State(message.state)


def waiting_messages(*, now: datetime, limit: int) -> list[UUID]:
    """What should have left by now, oldest first. Letters wait for the agency, and not for a worker."""
    due = Message.objects.filter(state=Message.State.QUEUED, due_at__lte=now)
    due = due.exclude(channel=Message.Channel.LETTER)
    return list(due.order_by("due_at", "id").values_list("uuid", flat=True)[:limit])


def _send(message: Message, *, now: datetime) -> None:
    message.attempts += 1
    try:
        # Some transports write to the database: what they break is undone without the count of this try.
        with transaction.atomic():
            _transport(message).send(_opened(message, now=now))
    except SealBrokenError:
        log.error("message %s of kind %s given up: its words do not open", message.uuid, message.kind)  # noqa: TRY400  # says it all
        message.last_error = "words that do not open"
        _close(message, state=Message.State.FAILED)
    except TransportError as error:
        _try_later(message, reason=str(error), now=now)
    except Exception as error:  # noqa: BLE001  # whatever a provider's library raises, the next message must still leave
        # Not what it says, which may hold the recipient: its name, and where it came from.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("message %s: %s\n%s", message.uuid, type(error).__name__, where)  # noqa: TRY400  # as above
        _try_later(message, reason=type(error).__name__, now=now)
    else:
        message.sent_at = now
        _close(message, state=Message.State.SENT)


def _show_copy(message: Message, *, now: datetime) -> None:
    """A letter leaves by the agency's printer (`print_letters`); the demo's mailbox shows it while it waits."""
    if message.channel in settings.MESSAGE_TRANSPORTS:
        _transport(message).send(_opened(message, now=now))


def _opened(message: Message, *, now: datetime) -> Envelope:
    words = json.loads(keyring().open(message.sealed, purpose=PURPOSE))
    return Envelope(uuid=message.uuid, kind=message.kind, channel=message.channel, at=now, **words)


def _transport(message: Message) -> Transport:
    found: Transport = import_string(settings.MESSAGE_TRANSPORTS[message.channel])()
    return found


def _try_later(message: Message, *, reason: str, now: datetime) -> None:
    message.last_error = reason[:200]
    delays = settings.MESSAGE_RETRIES
    if message.attempts > len(delays):
        log.error("message %s of kind %s given up: %s", message.uuid, message.kind, reason)
        _close(message, state=Message.State.FAILED)
        return
    message.due_at = now + delays[message.attempts - 1]


def _close(message: Message, *, state: Message.State) -> None:
    message.state = state
    if message.secret:
        message.sealed = b""
