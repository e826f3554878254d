"""The only door to events and seals."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet

from tenant_apps.journal.domain.digests import EventWords, SealWords
from tenant_apps.journal.models import Event, Seal

# Rows read at once.
PIECE = 2000
_EVENT = [field.name for field in fields(EventWords)]
_SEAL = [field.name for field in fields(SealWords)]


def events_between(*, kinds: Collection[str], since: datetime, until: datetime) -> Iterator[Event]:
    """In ascending order of time, read in pieces."""
    found = Event.objects.filter(kind__in=kinds, at__gte=since, at__lt=until)
    return found.order_by("at", "id").iterator()


def already_told(*, kind: str, trace: str) -> bool:
    """Whether an event of that kind carries that trace, which names one thing of one day."""
    return Event.objects.filter(kind=kind, details__trace=trace).exists()


def latest_events_of(*, subjects: Collection[str], limit: int, without: Collection[str] = ()) -> list[Event]:
    """What happened about one who is known by these, newest first, but for the kinds `without`."""
    found = Event.objects.filter(subject__in=subjects).exclude(kind__in=without)
    return list(found.order_by("-at", "-id")[:limit])


def latest_events_among(*, subject: str, kinds: Collection[str], limit: int) -> list[Event]:
    """The same, of these kinds alone."""
    found = Event.objects.filter(subject=subject, kind__in=kinds)
    return list(found.order_by("-at", "-id")[:limit])


def first_seen(*, subject: str, kind: str, addresses: Collection[str]) -> dict[str, datetime]:
    """When each of these addresses first did that, for this subject; an address that never did is left out."""
    found = Event.objects.filter(subject=subject, kind=kind, address__in=addresses)
    return dict(found.values_list("address").annotate(Min("at")).order_by())


def details_of_operations(*, subjects: Collection[str], kinds: Collection[str]) -> dict[str, dict[str, Any]]:
    """What events of these kinds say, by the operation that they tell of."""
    found = Event.objects.filter(subject__in=subjects, kind__in=kinds, details__has_key="operation")
    return {details["operation"]: details for details in found.values_list("details", flat=True)}


def first_of_operation(*, subjects: Collection[str], kind: str, operation: UUID) -> datetime | None:
    """When an event of that kind first told of that operation."""
    found = Event.objects.filter(subject__in=subjects, kind=kind, details__operation=str(operation))
    first: datetime | None = found.aggregate(first=Min("at"))["first"]
    return first


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """`kinds`, `without`: what the kind begins with; no `kinds` is all of them. `subjects`: None is everybody."""

    since: datetime
    until: datetime
    subjects: frozenset[str] | None
    kinds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def events_page(*, wanted: EventFilter, number: str, size: int, most: int) -> "Page[Event]":
    """Newest first, the first `most` of them. A page that does not exist is the nearest that does. Two queries."""
    return Paginator(_wanted(wanted).order_by("-at", "-id")[:most], size).get_page(number)


def events_in_pieces(*, wanted: EventFilter, before: Event | None, most: int) -> list[Event]:
    """Newest first, those that come after `before` in this order. One query, which looks at no row twice."""
    found = _wanted(wanted)
    if before is not None:
        found = found.filter(Q(at__lt=before.at) | Q(at=before.at, id__lt=before.pk), at__lte=before.at)
    return list(found.order_by("-at", "-id")[:most])


def _wanted(wanted: EventFilter) -> QuerySet[Event]:
    found = Event.objects.filter(at__gte=wanted.since, at__lt=wanted.until)
    if wanted.subjects is not None:
        found = found.filter(subject__in=wanted.subjects)
    if wanted.kinds:
        found = found.filter(_begins_with(wanted.kinds))
    return found.exclude(_begins_with(wanted.without)) if wanted.without else found


def _begins_with(kinds: tuple[str, ...]) -> Q:
    return reduce(or_, (Q(kind__startswith=each) for each in kinds))


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def key_since(*, mark: str) -> datetime | None:
    """When the journal was first sealed with the key of that mark; None when no other has sealed before."""
    first = Seal.objects.order_by("number").first()
    if first is None or first.key == mark:
        return None
    since: datetime | None = Seal.objects.filter(key=mark).aggregate(since=Min("sealed_at"))["since"]
    return since


def event_words(*, first: int, last: int, most: int) -> Iterator[EventWords]:
    """The first events whose ids are in that range, in the order of their ids."""
    found = Event.objects.filter(id__gte=first, id__lte=last).order_by("id")
    return (EventWords(*row) for row in found.values_list(*_EVENT)[:most])


def all_event_words(*, up_to: int) -> Iterator[EventWords]:
    """Up to that id, read in pieces; whatever its id, none is left out."""
    found = Event.objects.filter(id__lte=up_to).order_by("id").values_list(*_EVENT)
    after = None
    while rows := list((found if after is None else found.filter(id__gt=after))[:PIECE]):
        yield from (EventWords(*row) for row in rows)
        after = rows[-1][0]


def seal_words(*, up_to: int) -> Iterator[SealWords]:
    """Up to that number, read in pieces."""
    found = Seal.objects.filter(number__lte=up_to).order_by("number").values_list(*_SEAL)
    after = -1
    while rows := list(found.filter(number__gt=after)[:PIECE]):
        yield from (SealWords(*row) for row in rows)
        after = rows[-1][0]


def oldest_after(*, last: int) -> tuple[int, datetime | None]:
    """How many events have a higher id, and the moment of the oldest of them."""
    found = Event.objects.filter(id__gt=last).aggregate(count=Count("id"), since=Min("at"))
    return found["count"], found["since"]


def has_addresses_before(*, moment: datetime) -> bool:
    return Event.objects.filter(at__lt=moment, address__isnull=False).exists()


def erased_before(*, kind: str) -> datetime | None:
    """The moment before which addresses were said to be erased, by events of that kind."""
    said = Event.objects.filter(kind=kind).values_list("details__before", flat=True)
    return max(map(datetime.fromisoformat, said.iterator()), default=None)


def latest_at(*, subject: str, kinds: Collection[str]) -> datetime | None:
    """When something of these kinds last happened about that subject."""
    found = Event.objects.filter(subject=subject, kind__in=kinds)
    return found.order_by("-at", "-id").values_list("at", flat=True).first()
