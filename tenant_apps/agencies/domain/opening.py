"""When an agency is open: hours by weekday from a day on, closures, public holidays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One range of a day, as the clock on the wall shows it."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Timetable:
    """The hours of a week that hold from a day on: seven days, Monday first."""

    starts_on: date
    week: tuple[tuple[Hours, ...], ...]


@dataclass(frozen=True, slots=True)
class Closure:
    """Days without opening, the last one included, and why, by language."""

    first: date
    last: date
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Opening:
    """All that says whether an agency is open on a day."""

    timetables: tuple[Timetable, ...]
    closures: tuple[Closure, ...] = ()
    # By day: its name, by language.
    public_holidays: Mapping[date, Mapping[str, str]] = field(default_factory=dict)

    def why_closed(self, day: date) -> Mapping[str, str] | None:
        """What closes the agency on a day that its week would open; by language."""
        if not self.hours_by_week(day):
            return None
        closure = next((each for each in self.closures if each.first <= day <= each.last), None)
        return closure.reason if closure else self.public_holidays.get(day)

    def hours_by_week(self, day: date) -> tuple[Hours, ...]:
        """Of the timetable that holds that day, whatever closes it; none before the first timetable."""
        holding = [each for each in self.timetables if each.starts_on <= day]
        if not holding:
            return ()
        return max(holding, key=lambda each: each.starts_on).week[day.weekday()]

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        return () if self.why_closed(day) is not None else self.hours_by_week(day)

    def ranges_on(self, day: date, *, zone: tzinfo) -> list[tuple[datetime, datetime]]:
        """In UTC. An hour that the clocks skip opens nothing, one that they repeat is open both times."""
        ranges = [
            (_instant(day, each.opens, zone, fold=0), _instant(day, each.closes, zone, fold=1))
            for each in self.hours_on(day)
        ]
        return [(opens, closes) for opens, closes in ranges if opens < closes]


def _instant(day: date, moment: time, zone: tzinfo, *, fold: int) -> datetime:
    """In the hour that is skipped, fold 0 comes after the leap and fold 1 before it (PEP 495)."""
    return datetime.combine(day, moment.replace(fold=fold), tzinfo=zone).astimezone(UTC)
