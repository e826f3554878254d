"""Move an appointment to another hour of its agency."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.agencies.book_appointment import check_overlap, locked_slot
from tenant_apps.agencies.journalling import note
from tenant_apps.agencies.lateness import refuse_what_is_over, refused_or_late
from tenant_apps.agencies.limits import refuse_too_many_changes
from tenant_apps.agencies.models import Appointment
from tenant_apps.agencies.notices import tell_of_move
from tenant_apps.agencies.seats import give_back, take_seat
from tenant_apps.agencies.selectors import NoSuchAppointmentError
from tenant_apps.agencies.submissions import answered, content_of, keep
from tenant_apps.clients.models import Client


@transaction.atomic
def move_appointment(
    *, client: Client, uuid: UUID, starts_at: datetime, form: UUID, now: datetime, by: UUID | None = None
) -> Appointment:
    """The old hour is free again. Of a form posted twice, the first answer again; the same hour changes nothing.

    Raises NoSuchAppointmentError, AppointmentRefusedError.
    """
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    content = content_of("move", uuid, starts_at.timestamp())
    if (found := answered(client=client, form=form, content=content)) is not None:
        return found
    mine = Appointment.objects.select_for_update(of=("self",), no_key=True).select_related("agency", "client")
    appointment = mine.filter(client=client, uuid=uuid).first()
    if appointment is None:
        raise NoSuchAppointmentError
    refuse_what_is_over(appointment=appointment, now=now)
    late = by is None and refused_or_late(appointment=appointment, now=now)
    if by is None:
        refuse_too_many_changes(client=client, now=now)
    if appointment.starts_at != starts_at:
        _move(appointment, starts_at, by=by, late=late, now=now)
    keep(client=client, form=form, content=content, appointment=appointment, now=now)
    return appointment


def _move(
    appointment: Appointment, starts_at: datetime, *, by: UUID | None, late: bool, now: datetime
) -> None:
    # Its own seats must not stand in its way; a refusal gives them back with the rollback.
    give_back(appointment=appointment)
    slot = locked_slot(
        agency=appointment.agency,
        kind=appointment.kind,
        starts_at=starts_at,
        now=now,
        at_counter=by is not None,
    )
    check_overlap(client=appointment.client, slot=slot, but=appointment)
    before = appointment.starts_at
    appointment.resource_id = slot.seat.resource
    appointment.starts_at, appointment.ends_at = slot.starts_at, slot.ends_at
    appointment.settled_at = now
    appointment.moves += 1
    appointment.moved_late += late
    appointment.save(update_fields=["resource", "starts_at", "ends_at", "settled_at", "moves", "moved_late"])
    take_seat(appointment=appointment, slot=slot)
    note(what="moved", appointment=appointment, by=by, now=now, late=late)
    tell_of_move(appointment=appointment, before=before, now=now)
