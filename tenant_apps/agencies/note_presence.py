"""Whether the client came."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tenant_apps.agencies.journalling import note
from tenant_apps.agencies.models import Appointment
from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenant_apps.agencies.selectors import NoSuchAppointmentError


@transaction.atomic
def note_presence(*, uuid: UUID, came: bool, by: UUID, now: datetime) -> bool:
    """Whether that was new; a slip is mended by saying the other.

    A client may come before the hour, and has not missed it before it is over: who is late is still seen, and who
    misses several books by the agency alone (`limits`).
    Raises NoSuchAppointmentError, AppointmentRefusedError.
    """
    rows = Appointment.objects.select_for_update(of=("self",), no_key=True)
    appointment = rows.select_related("client").filter(uuid=uuid).first()
    if appointment is None:
        raise NoSuchAppointmentError
    if appointment.state == Appointment.State.CANCELLED:
        raise AppointmentRefusedError("over")
    if not may_be_noted(appointment=appointment, came=came, now=now):
        raise AppointmentRefusedError("too_early")
    state = Appointment.State.KEPT if came else Appointment.State.MISSED
    if appointment.state == state:
        return False
    appointment.state = state
    appointment.save(update_fields=["state"])
    note(what=state.value, appointment=appointment, by=by, now=now)
    return True


def may_be_noted(*, appointment: Appointment, came: bool, now: datetime) -> bool:
    if came:
        return timezone.localdate(appointment.starts_at) <= timezone.localdate(now)
    return appointment.ends_at <= now
