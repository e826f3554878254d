"""Agencies and appointments to try services and screens on."""

import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django_tenants.utils import tenant_context

from tenant_apps.agencies.apply_file import Plan, apply_agencies
from tenant_apps.agencies.book_appointment import book_appointment
from tenant_apps.agencies.document import changes_between, stored_document
from tenant_apps.agencies.domain.file import AgenciesFile
from tenant_apps.agencies.models import Agency, Appointment
from tenant_apps.clients.models import Client
from tenants.models import Caisse
from tenants.policy.inheritance import overlay

PARIS = ZoneInfo("Europe/Paris")
HERE = Path(__file__).resolve().parent
# A Monday without clock change or holiday near it, at ten in the morning.
MONDAY = date(2026, 9, 14)
NOW = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)


def example() -> dict[str, Any]:
    """The file of the tests: one agency, two counters, an expert's room."""
    return tomllib.loads((HERE / "agencies.toml").read_text(encoding="utf-8"))


def as_json(document: Mapping[str, Any]) -> str:
    """As the reader of files makes it: JSON has no dates."""
    return json.dumps(document, default=str)


def set_up(caisse: Caisse, **changes: Any) -> None:
    """The agencies of the file in that caisse; `changes` go over its first agency."""
    document = example()
    document["agencies"][0] = overlay(document["agencies"][0], changes)
    apply(caisse, document)


def apply(caisse: Caisse, document: Mapping[str, Any]) -> None:
    file = AgenciesFile.model_validate_json(as_json(document))
    with tenant_context(caisse):
        changes = changes_between(old=stored_document(), new=file.model_dump(mode="json"))
        apply_agencies(Plan(file, changes))


def agency(caisse: Caisse, code: str = "centre") -> Agency:
    with tenant_context(caisse):
        return Agency.objects.get(code=code)


def client(caisse: Caisse, number: str = "C-1") -> Client:
    with tenant_context(caisse):
        return Client.objects.get(number=number)


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    """That hour on the clock of the wall."""
    return datetime.combine(day, time(hour, minute), tzinfo=PARIS).astimezone(UTC)


def in_days(days: int) -> date:
    return MONDAY + timedelta(days=days)


def book(caisse: Caisse, starts_at: datetime, **changes: Any) -> Appointment:
    """For the caisse's client, to redeem, two days before; `changes` go over it."""
    with tenant_context(caisse):
        asked: dict[str, Any] = {
            "client": Client.objects.get(pk=1),
            "purpose": "redeem",
            "agency": Agency.objects.get(code="centre"),
            "form": uuid4(),
            "now": NOW,
            **changes,
        }
        return book_appointment(starts_at=starts_at, **asked)


def appointments(caisse: Caisse) -> list[Appointment]:
    with tenant_context(caisse):
        return list(Appointment.objects.order_by("starts_at", "id"))


def again(caisse: Caisse, uuid: UUID) -> Appointment:
    """As the database has it now."""
    with tenant_context(caisse):
        return Appointment.objects.select_related("agency", "resource", "client").get(uuid=uuid)
