"""Appointments that a change of hours has left where nobody receives any more."""

from datetime import datetime
from itertools import groupby

from django.utils import timezone

from tenant_apps.agencies.calendar import opening_of
from tenant_apps.agencies.domain.opening import Opening
from tenant_apps.agencies.models import Agency, Appointment


def stranded_appointments(*, now: datetime) -> list[tuple[Agency, int]]:
    """How many, by agency: for the agency to move or cancel, since the client must be told why."""
    expected = Appointment.objects.filter(state=Appointment.State.BOOKED, starts_at__gt=now)
    rows = expected.select_related("agency").order_by("agency__position", "agency_id", "starts_at")
    found: list[tuple[Agency, int]] = []
    for agency, each in groupby(rows, key=lambda row: row.agency):
        ahead = list(each)
        opening = opening_of(
            agency=agency,
            first=timezone.localdate(now),
            last=timezone.localdate(ahead[-1].starts_at),
        )
        count = sum(is_stranded(appointment=row, opening=opening) for row in ahead)
        found += [(agency, count)] if count else []
    return found


def is_stranded(*, appointment: Appointment, opening: Opening) -> bool:
    if not appointment.agency.is_open:
        return True
    day, zone = timezone.localdate(appointment.starts_at), timezone.get_default_timezone()
    return not any(
        opens <= appointment.starts_at and appointment.ends_at <= closes
        for opens, closes in opening.ranges_on(day, zone=zone)
    )
