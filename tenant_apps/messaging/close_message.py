"""Write how a message ended. In the caller's transaction, which holds its row."""

import logging
from datetime import datetime

from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.take_other_way import take_other_way

log = logging.getLogger(__name__)


def close_message(
    *, message: Message, state: Message.State, now: datetime, why: str = "", told: bool = False
) -> None:
    """The words of a secret go. What could not be delivered is told in the log, and takes its other way.

    `told`: once for all of its like already; an error for each would hide the others.
    """
    message.state, message.last_error = state, why[:200] if why else message.last_error
    if state == Message.State.SENT:
        message.sent_at, message.last_error = now, ""
    if message.last_error == Why.UNKNOWN:
        message.nobody_at = now
    if state == Message.State.FAILED:
        level = logging.INFO if told else logging.ERROR
        log.log(level, "message %s of kind %s given up: %s", message.uuid, message.kind, message.last_error)
    if state in (Message.State.FAILED, Message.State.EXPIRED):
        take_other_way(message=message, now=now)
    if message.secret:
        message.sealed = b""
    message.save(update_fields=["state", "last_error", "sent_at", "nobody_at", "sealed"])
