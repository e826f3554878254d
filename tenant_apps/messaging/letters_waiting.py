"""Letters that wait for the agency's printer: those whose time has come without it, and those that another replaces."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from tenant_apps.messaging.models import Message


def waiting_letters() -> "QuerySet[Message]":
    return Message.objects.filter(channel=Message.Channel.LETTER, state=Message.State.QUEUED)


def expire_letters(*, now: datetime) -> int:
    """Those whose code has lapsed; how many. The staff see them among what did not get there."""
    return waiting_letters().filter(expires_at__lte=now).update(state=Message.State.EXPIRED, sealed=b"")


def replace_letters(*, kind: str, about: UUID) -> int:
    """A later one of this kind is being written to this person: what it makes worthless must not be printed."""
    return waiting_letters().filter(kind=kind, about=about).update(state=Message.State.REPLACED, sealed=b"")
