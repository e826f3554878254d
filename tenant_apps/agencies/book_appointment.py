"""Book an appointment, for a client or by them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tenant_apps.agencies.calendar import calendar_of
from tenant_apps.agencies.domain.slots import Slot
from tenant_apps.agencies.journalling import note
from tenant_apps.agencies.limits import refuse_over_the_limit
from tenant_apps.agencies.models import Agency, Appointment
from tenant_apps.agencies.notices import tell_of_booking
from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenant_apps.agencies.seats import take_seat
from tenant_apps.agencies.subjects import subject_of
from tenant_apps.agencies.submissions import answered, content_of, keep
from tenant_apps.clients.models import Client
from tenants.policy.current import current_policy


@transaction.atomic
def book_appointment(
    *,
    client: Client,
    purpose: str,
    agency: Agency,
    starts_at: datetime,
    form: UUID,
    now: datetime,
    about: UUID | None = None,
    by: UUID | None = None,
) -> Appointment:
    """Of a form posted twice, the first answer again; the client is told once.

    `purpose`: one of `models.Kind`; `about`: what the subject of that kind knows by it; `form`: minted by the form.
    `by`: the user of the agency who books: without notice, and over the client's limits.
    Raises AppointmentRefusedError, and NoSuchAgencyError for an agency that does not receive for it.
    """
    # Locks in this order everywhere: the client, then the appointment, then the agency.
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    content = content_of("book", purpose, agency.uuid, starts_at.timestamp(), about)
    if (found := answered(client=client, form=form, content=content)) is not None:
        return found
    _check_subject(client, purpose, about)
    if by is None:
        refuse_over_the_limit(client=client, now=now)
    slot = locked_slot(agency=agency, kind=purpose, starts_at=starts_at, now=now, at_counter=by is not None)
    check_overlap(client=client, slot=slot)
    appointment = _written(client=client, agency=agency, kind=purpose, about=about, slot=slot, now=now)
    take_seat(appointment=appointment, slot=slot)
    keep(client=client, form=form, content=content, appointment=appointment, now=now)
    note(what="booked", appointment=appointment, by=by, now=now)
    tell_of_booking(appointment=appointment, now=now)
    return appointment


def _written(
    *, client: Client, agency: Agency, kind: str, about: UUID | None, slot: Slot, now: datetime
) -> Appointment:
    return Appointment.objects.create(
        client=client,
        agency=agency,
        resource_id=slot.seat.resource,
        kind=kind,
        about=about,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        booked_at=now,
        settled_at=now,
    )


def locked_slot(*, agency: Agency, kind: str, starts_at: datetime, now: datetime, at_counter: bool) -> Slot:
    """The slot that begins then; nobody else books at this agency until the transaction ends.

    Two bookings at once would be kept apart by the constraint alone; in a row, the second sees what the first left it.
    Raises AppointmentRefusedError.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    calendar = calendar_of(agency=agency, kind=kind, now=now, at_counter=at_counter)
    day = timezone.localdate(starts_at)
    for slot in calendar.free(first=day, last=day):
        if slot.starts_at == starts_at:
            return slot
    raise AppointmentRefusedError("taken")


def check_overlap(*, client: Client, slot: Slot, but: Appointment | None = None) -> None:
    """Nobody is expected in two places. Raises AppointmentRefusedError."""
    others = Appointment.objects.filter(
        client=client,
        state=Appointment.State.BOOKED,
        starts_at__lt=slot.ends_at,
        ends_at__gt=slot.starts_at,
    )
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise AppointmentRefusedError("overlap")


def _check_subject(client: Client, kind: str, about: UUID | None) -> None:
    if about is None:
        return
    subject = subject_of(kind=kind, products=current_policy().products)
    if subject is None or about not in subject.for_client(client, [about]):
        raise AppointmentRefusedError("unknown_subject")
