"""A week of free hours, as a page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language

from tenant_apps.agencies.calendar import Calendar
from tenant_apps.agencies.domain.slots import Slot

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which the agency usually receives. `closed`: why it does not, that day."""

    day: date
    slots: tuple[datetime, ...]
    closed: str
    is_first_free: bool


@dataclass(frozen=True, slots=True)
class Week:
    """`before` and `after`: a day of the week before and of the one after, where the calendar has one.

    `next_free`: the first free hour after this week, where this week has none left.
    """

    days: tuple[Day, ...]
    first: date
    last: date
    before: date | None
    after: date | None
    has_free: bool
    next_free: datetime | None


def week_of(*, calendar: Calendar, wanted: date | None) -> Week:
    """That week; without one, or with one out of the calendar, the week of the first free hour. One query."""
    first, end = _monday(calendar.today), calendar.last_day
    # The whole of the calendar in one go: what is free first is known, and paging asks nothing more.
    free = calendar.free(first=calendar.today, last=end)
    inside = wanted is not None and first <= wanted <= end
    monday = _monday(wanted) if wanted and inside else _monday(_day_of(free[0]) if free else calendar.today)
    sunday = monday + _WEEK - _DAY
    mine = [each for each in free if monday <= _day_of(each) <= sunday]
    later = [each.starts_at for each in free if _day_of(each) > sunday]
    return Week(
        days=_days(calendar, monday, mine),
        first=monday,
        last=sunday,
        before=monday - _WEEK if monday > first else None,
        after=monday + _WEEK if monday + _WEEK <= end else None,
        has_free=bool(mine),
        next_free=later[0] if later and not mine else None,
    )


def _days(calendar: Calendar, monday: date, free: list[Slot]) -> tuple[Day, ...]:
    first_free = _day_of(free[0]) if free else None
    days = [monday + number * _DAY for number in range(_WEEK.days)]
    return tuple(
        Day(
            day=day,
            slots=tuple(each.starts_at for each in free if _day_of(each) == day),
            closed=_in_language(calendar.opening.why_closed(day)),
            is_first_free=day == first_free,
        )
        for day in days
        if calendar.today <= day <= calendar.last_day and calendar.opening.hours_by_week(day)
    )


def _in_language(reason: Mapping[str, str] | None) -> str:
    return reason["en" if get_language() == "en" else "fr"] if reason else ""


def _day_of(slot: Slot) -> date:
    return timezone.localdate(slot.starts_at)


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY
