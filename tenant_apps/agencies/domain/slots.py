"""The moments that an agency offers for a purpose, and who is free to receive."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from tenant_apps.agencies.domain.opening import Opening

# What a seat is held by: hours and durations are whole numbers of it.
STEP = timedelta(minutes=5)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """One place at a counter or in a room."""

    resource: int
    number: int


# A seat is taken for one step from that moment on.
Held = tuple[int, int, datetime]


@dataclass(frozen=True, slots=True)
class Service:
    """How an agency receives for a purpose."""

    duration: timedelta
    # What must lie between the booking and the appointment, and the days that the calendar is open.
    notice: timedelta
    days_ahead: int
    seats: tuple[Seat, ...]

    def last_day(self, *, now: datetime, zone: tzinfo) -> date:
        return now.astimezone(zone).date() + self.days_ahead * _DAY


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A moment that can be booked, and the seat that it would take."""

    starts_at: datetime
    ends_at: datetime
    seat: Seat


def steps_of(*, starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """In order: whoever takes several takes them in the same one, so that no two wait for each other."""
    count = -((starts_at - ends_at) // STEP)
    return [starts_at + number * STEP for number in range(count)]


def free_slots(
    *,
    opening: Opening,
    service: Service,
    first: date,
    last: date,
    held: Collection[Held],
    now: datetime,
    zone: tzinfo,
) -> list[Slot]:
    """In order, one a moment, from `first` to `last`, both included; `held` is best a set."""
    earliest = now + service.notice
    last = min(last, service.last_day(now=now, zone=zone))
    slots: list[Slot] = []
    for starts_at in _beginnings(opening, service, first, last, zone):
        seat = _free_seat(service, starts_at, held) if starts_at >= earliest else None
        if seat is not None:
            slots.append(Slot(starts_at, starts_at + service.duration, seat))
    return slots


def _beginnings(
    opening: Opening, service: Service, first: date, last: date, zone: tzinfo
) -> Iterator[datetime]:
    """One after the other from each opening on; the last one ends before the agency closes."""
    day = first
    while day <= last:
        for opens, closes in opening.ranges_on(day, zone=zone):
            starts_at = opens
            while starts_at + service.duration <= closes:
                yield starts_at
                starts_at += service.duration
        day += _DAY


def _free_seat(service: Service, starts_at: datetime, held: Collection[Held]) -> Seat | None:
    steps = steps_of(starts_at=starts_at, ends_at=starts_at + service.duration)
    return next(
        (
            seat
            for seat in service.seats
            if not any((seat.resource, seat.number, step) in held for step in steps)
        ),
        None,
    )
