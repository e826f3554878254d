"""The only door to events."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Min

from tenant_apps.journal.models import Event


def events_between(*, kinds: Collection[str], since: datetime, until: datetime) -> Iterator[Event]:
    """In ascending order of time, read in pieces."""
    found = Event.objects.filter(kind__in=kinds, at__gte=since, at__lt=until)
    return found.order_by("at", "id").iterator()


def already_told(*, kind: str, trace: str) -> bool:
    """Whether an event of that kind carries that trace, which names one thing of one day."""
    return Event.objects.filter(kind=kind, details__trace=trace).exists()


def latest_events_of(*, subject: str, limit: int, without: Collection[str] = ()) -> list[Event]:
    """What happened about one subject, newest first, but for the kinds `without`."""
    found = Event.objects.filter(subject=subject).exclude(kind__in=without)
    return list(found.order_by("-at", "-id")[:limit])


def latest_events_among(*, subject: str, kinds: Collection[str], limit: int) -> list[Event]:
    """The same, of these kinds alone."""
    found = Event.objects.filter(subject=subject, kind__in=kinds)
    return list(found.order_by("-at", "-id")[:limit])


def first_seen(*, subject: str, kind: str, addresses: Collection[str]) -> dict[str, datetime]:
    """When each of these addresses first did that, for this subject; an address that never did is left out."""
    found = Event.objects.filter(subject=subject, kind=kind, address__in=addresses)
    return dict(found.values_list("address").annotate(Min("at")).order_by())


def latest_at(*, subject: str, kinds: Collection[str]) -> datetime | None:
    """When something of these kinds last happened about that subject."""
    found = Event.objects.filter(subject=subject, kind__in=kinds)
    return found.order_by("-at", "-id").values_list("at", flat=True).first()
