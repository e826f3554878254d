"""Write down what a provider says of a message after it took it."""

import logging
from datetime import datetime

from django.db import transaction

from tenant_apps.journal.record import record
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.references import Reference
from tenant_apps.messaging.send_again import NoSuchMessageError
from tenant_apps.messaging.take_other_way import take_other_way

INTERRUPTED = "interrupted while it was sent"
"""Nobody knows whether the provider took it: the worker ended before it could write the answer."""
log = logging.getLogger(__name__)


@transaction.atomic
def note_return(*, reference: Reference, why: Why, now: datetime) -> bool:
    """Whether this is news: the same a second time, or about an earlier sending, changes nothing.

    Raises NoSuchMessageError.
    """
    message = _locked(reference)
    if message.resent != reference.again or not _was_taken(message):
        return False
    message.state, message.came_back_at, message.last_error = Message.State.BOUNCED, now, str(why)
    message.arrived_at = None
    if why == Why.UNKNOWN:
        message.nobody_at = now
    if message.secret:
        message.sealed = b""
    message.save(update_fields=["state", "came_back_at", "last_error", "arrived_at", "nobody_at", "sealed"])
    about = str(message.about) if message.about else ""
    record(kind="message.came_back", at=now, subject=about, message=str(message.uuid), why=str(why))
    log.warning("message %s of kind %s came back: %s", message.uuid, message.kind, why)
    take_other_way(message=message, now=now)
    return True


@transaction.atomic
def note_arrival(*, reference: Reference, with_recipient: bool, now: datetime) -> bool:
    """The provider has it, or has brought it: whether that was not known. Raises NoSuchMessageError."""
    message = _locked(reference)
    if message.resent != reference.again:
        return False
    is_news = _is_interrupted(message)
    if is_news:
        message.state, message.sent_at, message.last_error = Message.State.SENT, now, ""
    if with_recipient and message.arrived_at is None and _was_taken(message):
        message.arrived_at, is_news = now, True
    if is_news:
        message.save(update_fields=["state", "sent_at", "last_error", "arrived_at"])
    return is_news


def _locked(reference: Reference) -> Message:
    message = Message.objects.select_for_update().filter(uuid=reference.uuid).first()
    if message is None:
        raise NoSuchMessageError
    return message


def _was_taken(message: Message) -> bool:
    """Also what is being sent: the provider may speak before the worker has written that it took it."""
    return message.state in (Message.State.SENT, Message.State.SENDING) or _is_interrupted(message)


def _is_interrupted(message: Message) -> bool:
    return message.state == Message.State.FAILED and message.last_error == INTERRUPTED
