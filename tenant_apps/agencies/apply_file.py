"""Make the agencies of the caisse as their file says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from tenant_apps.agencies.document import Change, changes_between, stored_document
from tenant_apps.agencies.domain.file import (
    AgenciesFile,
    AgencyEntry,
    ClosureEntry,
    PurposeEntry,
    ResourceEntry,
    TimetableEntry,
)
from tenant_apps.agencies.models import (
    Agency,
    AppointmentRules,
    Closure,
    OpeningRange,
    Purpose,
    Resource,
    Timetable,
)
from tenants.policy.lines import line_of
from tenants.policy.toml_file import FileRefused, Problem, read_toml
from tenants.policy.wording import refusals


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a file would do to the current caisse."""

    file: AgenciesFile
    changes: Sequence[Change]


def read_agencies(path: Path) -> AgenciesFile:
    """Raises FileRefused, with the line and the reason of everything that is wrong."""
    raw, index = read_toml(path)
    try:
        return AgenciesFile.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        raise FileRefused(
            Problem(path, line_of(place, index), reason) for place, reason in refusals(error, AgenciesFile)
        ) from None


def plan_agencies(path: Path) -> Plan:
    """Nothing is written. Raises FileRefused."""
    file = read_agencies(path)
    wanted: dict[str, Any] = file.model_dump(mode="json")
    return Plan(file, changes_between(old=stored_document(), new=wanted))


@transaction.atomic
def apply_agencies(plan: Plan) -> None:
    """The same file again changes nothing. What has appointments and is in no file any more is closed, and stays."""
    if not plan.changes:
        return
    # A booking is made under the hours of before or under those of after.
    list(Agency.objects.select_for_update(no_key=True).order_by("pk"))
    rules = plan.file.rules
    AppointmentRules.objects.update_or_create(
        only=True, defaults={name: getattr(rules, name) for name in type(rules).model_fields}
    )
    for position, entry in enumerate(plan.file.agencies):
        _write_agency(entry, position)
    Agency.objects.exclude(code__in=[each.code for each in plan.file.agencies]).update(is_open=False)


def _write_agency(entry: AgencyEntry, position: int) -> None:
    agency, _ = Agency.objects.update_or_create(
        code=entry.code,
        defaults={
            "name": entry.name,
            "address": entry.address,
            "phone": entry.phone,
            "public_holidays": entry.public_holidays,
            "position": position,
            "is_open": True,
        },
    )
    agency.timetables.all().delete()
    for timetable in entry.timetables:
        _write_timetable(agency, timetable)
    agency.closures.all().delete()
    Closure.objects.bulk_create(_closure(agency, each) for each in entry.closures)
    for place, resource in enumerate(entry.resources):
        _write_resource(agency, resource, place)
    agency.resources.exclude(code__in=[each.code for each in entry.resources]).update(in_use=False)
    for place, purpose in enumerate(entry.purposes):
        _write_purpose(agency, purpose, place)
    agency.purposes.exclude(kind__in=[each.kind for each in entry.purposes]).delete()


def _write_timetable(agency: Agency, entry: TimetableEntry) -> None:
    timetable = Timetable.objects.create(agency=agency, starts_on=entry.starts_on)
    OpeningRange.objects.bulk_create(
        OpeningRange(timetable=timetable, weekday=weekday, opens=each.opens, closes=each.closes)
        for weekday, day in enumerate(entry.week)
        for each in day
    )


def _closure(agency: Agency, entry: ClosureEntry) -> Closure:
    reason = entry.reason
    return Closure(
        agency=agency, first=entry.first, last=entry.last, reason_fr=reason.fr, reason_en=reason.en
    )


def _write_resource(agency: Agency, entry: ResourceEntry, position: int) -> None:
    values = {"name": entry.name, "capacity": entry.capacity, "position": position, "in_use": True}
    Resource.objects.update_or_create(agency=agency, code=entry.code, defaults=values)


def _write_purpose(agency: Agency, entry: PurposeEntry, position: int) -> None:
    purpose, _ = Purpose.objects.update_or_create(
        agency=agency,
        kind=entry.kind,
        defaults={
            "duration": entry.duration,
            "notice": entry.notice,
            "days_ahead": entry.days_ahead,
            "bring_fr": entry.bring.fr,
            "bring_en": entry.bring.en,
            "position": position,
        },
    )
    purpose.resources.set(agency.resources.filter(code__in=entry.resources))
