"""Take a message that is due out of the hands of every other worker, before the provider is asked."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from tenant_apps.messaging.close_message import close_message
from tenant_apps.messaging.count_sms import count_sms, sms_are_spent
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.note_return import INTERRUPTED
from tenant_apps.messaging.transports import Transport

# Longer than the slowest provider may take (see the limits of smtp and gateway): what is still being sent then has
# lost its worker.
LEASE = timedelta(minutes=3)
OVER_LIMIT = "over the limit of SMS of the day"
OVER_SHARE = "over the share of the day's SMS that anybody may ask for"
State = Message.State


@transaction.atomic
def claim_message(*, uuid: UUID, now: datetime) -> tuple[Message | None, State | None]:
    """The message when it is this caller's to send, and its state; None and None when another worker has its row.

    The try is counted here and committed before the provider is asked: see docs/adr/0014.
    """
    message = Message.objects.select_for_update(skip_locked=True).filter(uuid=uuid).first()
    if message is None:
        return None, None
    if message.due_at > now or message.state not in (State.QUEUED, State.SENDING):
        return None, State(message.state)
    if message.channel == Message.Channel.LETTER:
        # The agency's printer takes it (print_letters): nothing is counted here.
        return message, State.QUEUED
    if message.expires_at is not None and message.expires_at <= now:
        close_message(message=message, state=State.EXPIRED, now=now)
    elif message.state == State.SENDING and not _may_be_repeated(message):
        close_message(message=message, state=State.FAILED, why=INTERRUPTED, now=now)
    elif _is_one_too_many(message, now=now):
        why = OVER_SHARE if message.by_anybody and not sms_are_spent(now=now) else OVER_LIMIT
        close_message(message=message, state=State.FAILED, why=why, now=now, told=True)
    else:
        message.state, message.due_at = State.SENDING, now + LEASE
        message.attempts += 1
        message.save(update_fields=["state", "due_at", "attempts"])
        return message, State.SENDING
    return None, State(message.state)


def _is_one_too_many(message: Message, *, now: datetime) -> bool:
    """Counts an SMS, at its first try."""
    is_new_sms = message.attempts == 0 and message.channel == Message.Channel.SMS
    return is_new_sms and not count_sms(now=now, by_anybody=message.by_anybody)


def _may_be_repeated(message: Message) -> bool:
    """Of one that a worker died over: not for ever, lest it be what kills them."""
    return message.attempts <= len(settings.MESSAGE_RETRIES) and transport_of(channel=message.channel).repeats


def transport_of(*, channel: str) -> Transport:
    found: Transport = import_string(settings.MESSAGE_TRANSPORTS[channel])()
    return found
