"""The doors to the outbox for who looks after it: what it holds of a message, never its words."""

from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Min, Q

from tenant_apps.messaging.models import Message

State = Message.State
UNDELIVERED = (State.FAILED, State.EXPIRED)
# The words are sealed: nothing that lists messages needs them.
_SHOWN = ("uuid", "kind", "channel", "state", "about", "secret", "created_at", "expires_at", "last_error")


def undelivered_page(*, number: str, size: int) -> "Page[Message]":
    """What did not get there, newest first. A page that does not exist is the nearest that does. Two queries."""
    found = Message.objects.filter(state__in=UNDELIVERED).only(*_SHOWN).order_by("-created_at", "-id")
    return Paginator(found, size).get_page(number)


def troubled_messages_about(*, about: UUID, limit: int) -> list[Message]:
    """What waits to leave and what did not get there, of one person, newest first."""
    kept = Q(state=State.QUEUED) | Q(state__in=UNDELIVERED)
    found = Message.objects.filter(kept, about=about).only(*_SHOWN)
    return list(found.order_by("-created_at", "-id")[:limit])


def count_failed_messages(*, since: datetime) -> int:
    """How many of those queued since then were given up."""
    return Message.objects.filter(state=Message.State.FAILED, created_at__gte=since).count()


def count_late_messages(*, now: datetime) -> int:
    """How many should have left by now."""
    return Message.objects.filter(state=Message.State.QUEUED, due_at__lt=now).count()


def late_since(*, now: datetime) -> datetime | None:
    """Since when the first of them should have left."""
    late = Message.objects.filter(state=Message.State.QUEUED, due_at__lt=now)
    first: datetime | None = late.aggregate(first=Min("due_at"))["first"]
    return first
