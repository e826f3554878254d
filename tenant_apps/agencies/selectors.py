"""The only doors to agencies and appointments."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from tenant_apps.agencies.domain.slots import Held
from tenant_apps.agencies.models import Agency, Appointment, AppointmentRules, Hold, Purpose, Resource
from tenant_apps.clients.models import Client

_DAY = timedelta(days=1)
_RECENT = 20


class NoSuchAgencyError(LookupError):
    """There is none of that id that is open, or it does not receive for that purpose: the same answer for all."""


class NoSuchAppointmentError(LookupError):
    """There is none of that id, or it is not this client's: the same answer for both."""


def appointment_rules() -> AppointmentRules | None:
    """None before the caisse has a file of agencies."""
    return AppointmentRules.objects.first()


def agencies_at_desk(*, now: datetime) -> list[Agency]:
    """Those that are open, in the order of the file, and those that have closed while somebody was still expected."""
    expected = Appointment.objects.filter(
        agency=OuterRef("pk"), state=Appointment.State.BOOKED, ends_at__gt=now
    )
    found = Agency.objects.filter(Q(is_open=True) | Exists(expected))
    return list(found.order_by("-is_open", "position", "id"))


def agencies_receiving() -> list[Agency]:
    """With the purposes that they receive for. Two queries."""
    purposes = Prefetch("purposes", queryset=Purpose.objects.order_by("position", "id"))
    found = Agency.objects.filter(is_open=True).order_by("position", "id").prefetch_related(purposes)
    return [each for each in found if each.purposes.all()]


def agency_of(*, uuid: UUID) -> Agency:
    """Raises NoSuchAgencyError."""
    found = Agency.objects.filter(uuid=uuid, is_open=True).first()
    if found is None:
        raise NoSuchAgencyError
    return found


def purpose_of(*, agency: Agency, kind: str) -> Purpose:
    """With the resources that serve it, in order. Two queries. Raises NoSuchAgencyError."""
    serving = Resource.objects.filter(in_use=True).order_by("position", "id")
    purposes = Purpose.objects.filter(agency=agency, kind=kind)
    found = purposes.prefetch_related(Prefetch("resources", queryset=serving)).first()
    if found is None:
        raise NoSuchAgencyError
    return found


def held_between(*, resources: Collection[int], begins: datetime, ends: datetime) -> set[Held]:
    """The seats of these resources that are taken, step by step. One query."""
    holds = Hold.objects.filter(resource_id__in=resources, step__gte=begins, step__lt=ends)
    return set(holds.values_list("resource_id", "seat", "step"))


def appointments_of(*, client: Client, now: datetime) -> tuple[list[Appointment], list[Appointment]]:
    """Those to come, the next one first; then those that are over or cancelled, the latest first. Two queries."""
    mine = _whole(Appointment.objects.filter(client=client))
    over = mine.exclude(state=Appointment.State.BOOKED, ends_at__gt=now).order_by("-starts_at", "-id")
    return appointments_ahead(client=client, now=now), list(over[:_RECENT])


def appointments_ahead(*, client: Client, now: datetime) -> list[Appointment]:
    """The next one first. One query."""
    booked = Appointment.objects.filter(client=client, state=Appointment.State.BOOKED, ends_at__gt=now)
    return list(_whole(booked).order_by("starts_at", "id"))


def next_appointment_of(*, client: Client, now: datetime) -> Appointment | None:
    booked = Appointment.objects.filter(client=client, state=Appointment.State.BOOKED, ends_at__gt=now)
    return _whole(booked).order_by("starts_at", "id").first()


def appointment_about(*, client: Client, about: UUID, kind: str, now: datetime) -> Appointment | None:
    """The next one of this client's for that thing. One query."""
    booked = Appointment.objects.filter(client=client, state=Appointment.State.BOOKED, ends_at__gt=now)
    return _whole(booked.filter(about=about, kind=kind)).order_by("starts_at", "id").first()


def booked_since(*, about: UUID, kind: str, since: datetime, now: datetime) -> list[Appointment]:
    """Of that thing and kind, those that are still to come and were booked since then. One query."""
    booked = Appointment.objects.filter(state=Appointment.State.BOOKED, starts_at__gt=now)
    found = booked.filter(about=about, kind=kind, booked_at__gte=since)
    return list(_whole(found).order_by("starts_at", "id"))


def appointment_of(*, client: Client, uuid: UUID) -> Appointment:
    """Raises NoSuchAppointmentError."""
    found = _whole(Appointment.objects.filter(client=client, uuid=uuid)).first()
    if found is None:
        raise NoSuchAppointmentError
    return found


def appointment_at_desk(*, uuid: UUID) -> Appointment:
    """Any client's of this caisse. Raises NoSuchAppointmentError."""
    found = _whole(Appointment.objects.filter(uuid=uuid)).select_related("client").first()
    if found is None:
        raise NoSuchAppointmentError
    return found


def appointments_of_day(*, agency: Agency, day: date, zone: tzinfo) -> list[Appointment]:
    """In the order of the day, cancelled ones too. One query."""
    begins = datetime.combine(day, time(), tzinfo=zone)
    ends = datetime.combine(day + _DAY, time(), tzinfo=zone)
    found = Appointment.objects.filter(agency=agency, starts_at__gte=begins, starts_at__lt=ends)
    return list(_whole(found).select_related("client").order_by("starts_at", "resource__position", "id"))


def things_to_bring(*, appointment: Appointment, language: str) -> list[str]:
    """As the agency asks today; none when it no longer receives for that purpose."""
    purpose = Purpose.objects.filter(agency=appointment.agency, kind=appointment.kind).first()
    if purpose is None:
        return []
    text = (purpose.bring_en if language == "en" else "") or purpose.bring_fr
    return [line for line in text.splitlines() if line.strip()]


def appointments_expected(*, begins: datetime, ends: datetime) -> Sequence[Appointment]:
    """Booked, that begin then and of which the client was not reminded. Of all agencies."""
    booked = Appointment.objects.filter(
        state=Appointment.State.BOOKED, starts_at__gte=begins, starts_at__lt=ends
    )
    return [each for each in booked.order_by("starts_at", "id") if each.reminded_of != each.starts_at]


def _whole(appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    return appointments.select_related("agency", "resource")
