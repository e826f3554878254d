"""What an agency has free for a purpose."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from tenant_apps.agencies.domain.opening import Closure as ClosedDays
from tenant_apps.agencies.domain.opening import Hours, Opening
from tenant_apps.agencies.domain.opening import Timetable as WeekFrom
from tenant_apps.agencies.domain.public_holidays import public_holidays
from tenant_apps.agencies.domain.slots import Seat, Service, Slot, free_slots
from tenant_apps.agencies.models import Agency, Purpose, Timetable
from tenant_apps.agencies.selectors import held_between, purpose_of

_DAY = timedelta(days=1)
_DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """An agency and a purpose, from today on."""

    agency: Agency
    opening: Opening
    service: Service
    now: datetime

    def free(self, *, first: date, last: date) -> list[Slot]:
        """In order, both days included. One query, however many the days and the bookings."""
        zone = timezone.get_default_timezone()
        begins = datetime.combine(first, time(), tzinfo=zone).astimezone(UTC)
        ends = datetime.combine(last + _DAY, time(), tzinfo=zone).astimezone(UTC)
        resources = {seat.resource for seat in self.service.seats}
        held = held_between(resources=resources, begins=max(begins, self.now), ends=ends)
        return free_slots(
            opening=self.opening,
            service=self.service,
            first=first,
            last=last,
            held=held,
            now=self.now,
            zone=zone,
        )

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def last_day(self) -> date:
        return self.service.last_day(now=self.now, zone=timezone.get_default_timezone())


def calendar_of(*, agency: Agency, kind: str, now: datetime, at_counter: bool = False) -> Calendar:
    """Five queries. `at_counter`: who stands there, or calls, needs no notice. Raises NoSuchAgencyError."""
    purpose = purpose_of(agency=agency, kind=kind)
    service = _service(purpose)
    if at_counter:
        service = replace(service, notice=timedelta(0))
    last = service.last_day(now=now, zone=timezone.get_default_timezone())
    return Calendar(agency, opening_of(agency=agency, first=timezone.localdate(now), last=last), service, now)


def opening_of(*, agency: Agency, first: date, last: date) -> Opening:
    """Of these days. Three queries."""
    timetables = agency.timetables.filter(starts_on__lte=last).prefetch_related("ranges")
    closures = agency.closures.filter(Q(first__lte=last) & Q(last__gte=first)).order_by("first", "id")
    return Opening(
        timetables=tuple(map(_week_from, timetables)),
        closures=tuple(
            ClosedDays(each.first, each.last, {"fr": each.reason_fr, "en": each.reason_en or each.reason_fr})
            for each in closures
        ),
        public_holidays=public_holidays(place=agency.public_holidays, years=range(first.year, last.year + 1)),
    )


def _week_from(timetable: Timetable) -> WeekFrom:
    ranges = sorted(timetable.ranges.all(), key=lambda each: each.opens)
    week = tuple(
        tuple(Hours(each.opens, each.closes) for each in ranges if each.weekday == weekday)
        for weekday in range(_DAYS_OF_A_WEEK)
    )
    return WeekFrom(timetable.starts_on, week)


def _service(purpose: Purpose) -> Service:
    """Those who are received side by side come after those who would be alone: the first counter fills first."""
    seats = tuple(
        Seat(resource.pk, number)
        for resource in purpose.resources.all()
        for number in range(resource.capacity)
    )
    return Service(purpose.duration, purpose.notice, purpose.days_ahead, seats)
