"""The only door to events."""

from collections.abc import Collection, Iterator
from datetime import datetime

from tenant_apps.journal.models import Event


def events_between(*, kinds: Collection[str], since: datetime, until: datetime) -> Iterator[Event]:
    """In ascending order of time, read in pieces."""
    found = Event.objects.filter(kind__in=kinds, at__gte=since, at__lt=until)
    return found.order_by("at", "id").iterator()


def already_told(*, kind: str, trace: str) -> bool:
    """Whether an event of that kind carries that trace, which names one thing of one day."""
    return Event.objects.filter(kind=kind, details__trace=trace).exists()
