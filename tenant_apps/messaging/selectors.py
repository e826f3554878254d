"""The doors to the outbox for who looks after it: what it holds of a message, never its words."""

from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q

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
