"""Take and give back the seats of an appointment."""

from django.db import IntegrityError, transaction

from tenant_apps.agencies.domain.slots import Slot, steps_of
from tenant_apps.agencies.models import Appointment, Hold
from tenant_apps.agencies.refusals import AppointmentRefusedError


def take_seat(*, appointment: Appointment, slot: Slot) -> None:
    """Raises AppointmentRefusedError when anybody else has it, whatever was read before."""
    holds = [
        Hold(
            appointment=appointment,
            resource_id=slot.seat.resource,
            seat=slot.seat.number,
            step=step,
        )
        for step in steps_of(starts_at=slot.starts_at, ends_at=slot.ends_at)
    ]
    try:
        with transaction.atomic():
            Hold.objects.bulk_create(holds)
    except IntegrityError as error:
        raise AppointmentRefusedError("taken") from error


def give_back(*, appointment: Appointment) -> None:
    Hold.objects.filter(appointment=appointment).delete()
