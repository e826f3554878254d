"""Appointments in the words of the screens."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from tenant_apps.agencies.lateness import may_change, stands_late
from tenant_apps.agencies.models import Appointment, AppointmentRules
from tenant_apps.agencies.subjects import subject_of
from tenant_apps.agencies.wording import OVER, PURPOSES, STATES, reason_for_client
from tenant_apps.clients.models import Client

Text = str | Promise
Row = dict[str, Text]


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """An appointment at a moment, as a template shows it."""

    appointment: Appointment
    about: str
    now: datetime
    rules: AppointmentRules | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self.appointment, name)

    @property
    def purpose(self) -> Text:
        return PURPOSES[self.appointment.kind]

    @property
    def is_ahead(self) -> bool:
        return self.appointment.state == Appointment.State.BOOKED and self.appointment.ends_at > self.now

    @property
    def state(self) -> tuple[str, Text]:
        """Its tone, its words."""
        if self.appointment.state == Appointment.State.BOOKED and not self.is_ahead:
            return OVER
        return STATES[self.appointment.state]

    @property
    def why_cancelled(self) -> str:
        return reason_for_client(appointment=self.appointment)

    @property
    def may_change(self) -> bool:
        return may_change(appointment=self.appointment, rules=self.rules, now=self.now)

    @property
    def is_late(self) -> bool:
        return stands_late(appointment=self.appointment, rules=self.rules, now=self.now)


def shown_to_client(
    *,
    appointments: Collection[Appointment],
    client: Client,
    products: Collection[str],
    now: datetime,
    rules: AppointmentRules | None = None,
) -> list[AppointmentView]:
    """As many queries as there are kinds with a subject, however many the appointments."""
    labels: dict[UUID, str] = {}
    for kind, uuids in _abouts(appointments).items():
        if subject := subject_of(kind=kind, products=products):
            labels |= subject.for_client(client, uuids)
    return _views(appointments, labels, now, rules)


def shown_at_desk(
    *, appointments: Collection[Appointment], products: Collection[str], now: datetime
) -> list[AppointmentView]:
    """As many queries as there are kinds with a subject, however many the appointments."""
    labels: dict[UUID, str] = {}
    for kind, uuids in _abouts(appointments).items():
        if subject := subject_of(kind=kind, products=products):
            labels |= subject.for_desk(uuids)
    return _views(appointments, labels, now, None)


def _abouts(appointments: Collection[Appointment]) -> Mapping[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    for each in appointments:
        if each.about is not None:
            found.setdefault(each.kind, set()).add(each.about)
    return found


def _views(
    appointments: Collection[Appointment],
    labels: Mapping[UUID, str],
    now: datetime,
    rules: AppointmentRules | None,
) -> list[AppointmentView]:
    return [
        AppointmentView(each, labels.get(each.about, "") if each.about else "", now, rules)
        for each in appointments
    ]
