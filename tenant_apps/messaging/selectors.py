"""The only doors to the outbox, for counting."""

from datetime import datetime

from django.db.models import Min

from tenant_apps.messaging.models import Message


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
