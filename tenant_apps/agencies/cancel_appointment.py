"""Cancel an appointment: the hour is free again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.agencies.journalling import note
from tenant_apps.agencies.lateness import refuse_what_is_over, refused_or_late
from tenant_apps.agencies.models import Appointment
from tenant_apps.agencies.notices import tell_of_cancellation
from tenant_apps.agencies.seats import give_back
from tenant_apps.agencies.selectors import NoSuchAppointmentError
from tenant_apps.clients.models import Client


@transaction.atomic
def cancel_by_client(*, client: Client, uuid: UUID, now: datetime) -> bool:
    """Whether it was still booked: a second run changes nothing.

    Raises NoSuchAppointmentError, AppointmentRefusedError.
    """
    appointment = _locked(uuid)
    if appointment.client_id != client.pk:
        raise NoSuchAppointmentError
    if appointment.state == Appointment.State.CANCELLED:
        return False
    refuse_what_is_over(appointment=appointment, now=now)
    late = refused_or_late(appointment=appointment, now=now)
    _cancel(appointment, reason="", words="", late=late, now=now)
    note(what="cancelled", appointment=appointment, by=None, now=now, late=late)
    return True


@transaction.atomic
def cancel_by_agency(*, uuid: UUID, reason: str, words: str, by: UUID, now: datetime) -> bool:
    """The client is told why: `reason` is a code of `wording.CANCEL_REASONS`, `words` what the agency adds to it.

    Whether it was still booked: a second run changes and tells nothing.
    Raises NoSuchAppointmentError, AppointmentRefusedError.
    """
    appointment = _locked(uuid)
    if appointment.state == Appointment.State.CANCELLED:
        return False
    refuse_what_is_over(appointment=appointment, now=now)
    _cancel(appointment, reason=reason, words=words, late=False, now=now)
    # What was added is for the client: it may name somebody, and the journal is kept for years.
    note(what="cancelled", appointment=appointment, by=by, now=now, reason=reason)
    tell_of_cancellation(appointment=appointment, now=now)
    return True


def _locked(uuid: UUID) -> Appointment:
    rows = Appointment.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("agency", "client").filter(uuid=uuid).first()
    if found is None:
        raise NoSuchAppointmentError
    return found


def _cancel(appointment: Appointment, *, reason: str, words: str, late: bool, now: datetime) -> None:
    give_back(appointment=appointment)
    appointment.state = Appointment.State.CANCELLED
    appointment.cancelled_at = now
    appointment.cancel_reason, appointment.cancel_note = reason, words
    appointment.cancelled_late = late
    appointment.save(
        update_fields=["state", "cancelled_at", "cancel_reason", "cancel_note", "cancelled_late"]
    )
