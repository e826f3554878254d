"""The agencies of the caisse as plain values, in the shape of their file, and what differs between two of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Prefetch

from tenant_apps.agencies.domain.file import DAYS, write_hours
from tenant_apps.agencies.domain.opening import Hours
from tenant_apps.agencies.models import Agency, AppointmentRules, Closure, Purpose, Resource, Timetable
from tenants.policy.durations import write_duration
from tenants.policy.typography import french

Document = Mapping[str, Any]
_NAMED_BY = ("code", "kind", "starts_on", "first")


class Change(NamedTuple):
    """One value that differs; None where one side says nothing."""

    path: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        if self.old is None:
            return f"+ {self.path} = {self.new}"
        if self.new is None:
            return french(f"- {self.path} (était : {self.old})")
        return f"~ {self.path}{french(' :')} {self.old} → {self.new}"


def changes_between(*, old: Document, new: Document) -> list[Change]:
    before, after = dict(_leaves(old)), dict(_leaves(new))
    paths = [*after, *(path for path in before if path not in after)]
    return [
        Change(path, before.get(path), after.get(path))
        for path in paths
        if before.get(path) != after.get(path)
    ]


def stored_document() -> dict[str, Any]:
    """What is in force; empty before the first file. A bounded number of queries."""
    rules = AppointmentRules.objects.first()
    if rules is None:
        return {}
    agencies = Agency.objects.filter(is_open=True).prefetch_related(
        Prefetch("timetables", queryset=Timetable.objects.order_by("starts_on").prefetch_related("ranges")),
        Prefetch("closures", queryset=Closure.objects.order_by("first", "id")),
        Prefetch("resources", queryset=Resource.objects.filter(in_use=True).order_by("position")),
        Prefetch("purposes", queryset=Purpose.objects.order_by("position").prefetch_related("resources")),
    )
    return {
        "rules": {
            "open_at_once": rules.open_at_once,
            "late_after": write_duration(rules.late_after),
            "late": rules.late,
            "missed_at_most": rules.missed_at_most,
            "missed_within": write_duration(rules.missed_within),
            "changes_a_day": rules.changes_a_day,
        },
        "agencies": [_agency(each) for each in agencies.order_by("position", "id")],
    }


def _agency(agency: Agency) -> dict[str, Any]:
    return {
        "code": agency.code,
        "name": agency.name,
        "address": agency.address,
        "phone": agency.phone,
        "public_holidays": agency.public_holidays,
        "timetables": [
            {"starts_on": each.starts_on.isoformat(), **_week(each)} for each in agency.timetables.all()
        ],
        "closures": [
            {
                "first": each.first.isoformat(),
                "last": each.last.isoformat(),
                "reason": {"fr": each.reason_fr, "en": each.reason_en},
            }
            for each in agency.closures.all()
        ],
        "resources": [
            {"code": each.code, "name": each.name, "capacity": each.capacity}
            for each in agency.resources.all()
        ],
        "purposes": [_purpose(each) for each in agency.purposes.all()],
    }


def _week(timetable: Timetable) -> dict[str, list[str]]:
    days: dict[str, list[str]] = {day: [] for day in DAYS}
    for each in sorted(timetable.ranges.all(), key=lambda each: (each.weekday, each.opens)):
        days[DAYS[each.weekday]].append(write_hours(Hours(each.opens, each.closes)))
    return days


def _purpose(purpose: Purpose) -> dict[str, Any]:
    resources = sorted(purpose.resources.all(), key=lambda each: each.position)
    return {
        "kind": purpose.kind,
        "duration": write_duration(purpose.duration),
        "notice": write_duration(purpose.notice),
        "days_ahead": purpose.days_ahead,
        "resources": [each.code for each in resources],
        "bring": {"fr": purpose.bring_fr, "en": purpose.bring_en},
    }


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each value with its path. What is a list of tables goes by the name of each, and their order is a value too."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _leaves(below, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        yield path, ", ".join(map(_name, value))
        for each in value:
            rest = {key: below for key, below in each.items() if key not in _NAMED_BY or below != _name(each)}
            yield from _leaves(rest, f"{path}.{_name(each)}")
    elif shown := _shown(value):
        yield path, shown


def _name(table: Mapping[str, Any]) -> str:
    return str(next(table[key] for key in _NAMED_BY if key in table))


def _shown(value: Any) -> str:
    """An empty list or text is nothing said."""
    items: Iterable[Any] = value if isinstance(value, list) else [value]
    return " / ".join(", ".join(map(str, items)).splitlines())
