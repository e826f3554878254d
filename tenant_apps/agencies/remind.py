"""Remind clients of the appointment of the next day."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tenant_apps.agencies.domain.delays import is_reminder_due
from tenant_apps.agencies.models import Appointment
from tenant_apps.agencies.notices import tell_of_the_eve
from tenant_apps.agencies.selectors import appointments_expected

_TWO_DAYS = timedelta(days=2)


def remind_of_appointments(*, now: datetime) -> int:
    """How many were told. Run twice, or by two workers at once, each client is told once."""
    return sum(
        _remind(appointment, now) for appointment in appointments_expected(begins=now, ends=now + _TWO_DAYS)
    )


@transaction.atomic
def _remind(seen: Appointment, now: datetime) -> bool:
    """Looked at again under its lock: another worker may have told, the client may have moved it."""
    rows = Appointment.objects.select_for_update(of=("self",), no_key=True)
    appointment = rows.select_related("client", "agency").get(pk=seen.pk)
    due = is_reminder_due(
        starts_at=appointment.starts_at,
        settled_at=appointment.settled_at,
        now=now,
        zone=timezone.get_default_timezone(),
    )
    if not due or appointment.state != Appointment.State.BOOKED:
        return False
    if appointment.reminded_of == appointment.starts_at:
        return False
    appointment.reminded_of = appointment.starts_at
    appointment.save(update_fields=["reminded_of"])
    return tell_of_the_eve(appointment=appointment, now=now)
