"""Send what waits in the outbox."""

import json
import logging
import traceback
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from guichet.kernel.sealing import SealBrokenError
from guichet.tenancy.signing import keyring
from tenant_apps.messaging.attachments import with_attachments
from tenant_apps.messaging.claim_message import claim_message, transport_of
from tenant_apps.messaging.close_message import close_message
from tenant_apps.messaging.mail_pictures import pictures_of
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import PURPOSE
from tenant_apps.messaging.selectors import UNDER_WAY
from tenant_apps.messaging.take_other_way import OTHERWISE
from tenant_apps.messaging.transports import Envelope, RefusedError, TransportError

DAMAGED = "words that do not open"
log = logging.getLogger(__name__)
State = Message.State


def deliver_message(*, uuid: UUID, now: datetime) -> Message.State | None:
    """Send one message if it still waits and is due. Idempotent; None when another worker has its row.

    The provider is asked outside of any transaction: a slow one holds no row, no snapshot and nobody else up.
    """
    message, state = claim_message(uuid=uuid, now=now)
    if message is None:
        return state
    if message.channel == Message.Channel.LETTER:
        _show_copy(message, now=now)
        return state
    return _handed_over(message, now=now)


def _handed_over(message: Message, *, now: datetime) -> Message.State:
    """To its provider, and what came of it."""
    try:
        envelope = _opened(message, now=now)
    except SealBrokenError:
        return _settle(message, now=now, final=State.FAILED, why=DAMAGED)
    except TransportError as error:
        return _settle(message, now=now, why=str(error))
    try:
        transport_of(channel=message.channel).send(envelope)
    except RefusedError as error:
        return _settle(message, now=now, final=State.FAILED, why=str(error.why))
    except TransportError as error:
        return _settle(message, now=now, why=str(error))
    except Exception as error:  # noqa: BLE001  # whatever a provider's library raises, the next message must still leave
        # Not what it says, which may hold the recipient: its name, and where it came from.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("message %s: %s\n%s", message.uuid, type(error).__name__, where)  # noqa: TRY400  # as above
        return _settle(message, now=now, why=type(error).__name__)
    return _settle(message, now=now, final=State.SENT)


def waiting_messages(*, now: datetime, limit: int) -> list[UUID]:
    """What should have left by now, oldest first, and what a worker took and never spoke of again.

    Letters wait for the agency, and not for a worker.
    """
    due = Message.objects.filter(state__in=UNDER_WAY, due_at__lte=now).exclude(channel=Message.Channel.LETTER)
    return list(due.order_by("due_at", "id").values_list("uuid", flat=True)[:limit])


def _show_copy(message: Message, *, now: datetime) -> None:
    """A letter leaves by the agency's printer (`print_letters`); the demo's mailbox shows it while it waits."""
    if message.channel in settings.MESSAGE_TRANSPORTS:
        transport_of(channel=message.channel).send(_opened(message, now=now))


def _opened(message: Message, *, now: datetime) -> Envelope:
    words = json.loads(keyring().open(message.sealed, purpose=PURPOSE))
    words.pop(OTHERWISE, None)
    words = with_attachments(words, message=message.uuid)
    return Envelope(
        uuid=message.uuid,
        kind=message.kind,
        channel=message.channel,
        at=now,
        again=message.resent,
        pictures=pictures_of(words.get("html", "")),
        **words,
    )


@transaction.atomic
def _settle(taken: Message, *, now: datetime, final: State | None = None, why: str = "") -> State:
    """What the provider said, unless it has been written meanwhile: it may have said that the message came back."""
    message = Message.objects.select_for_update().get(pk=taken.pk)
    ours = (State.SENDING, taken.attempts, taken.resent)
    if (message.state, message.attempts, message.resent) != ours:
        return State(message.state)
    delays = settings.MESSAGE_RETRIES
    if final is None and message.attempts > len(delays):
        final = State.FAILED
    if final is not None:
        close_message(message=message, state=final, why=why, now=now)
        return final
    message.state, message.last_error = State.QUEUED, why[:200]
    message.due_at = now + delays[message.attempts - 1]
    message.save(update_fields=["state", "last_error", "due_at"])
    return State.QUEUED
