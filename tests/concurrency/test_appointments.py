"""Twenty at once: one seat, one form, one limit, and hours that are swapped."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

import pytest
from django_tenants.utils import tenant_context

from tenant_apps.agencies.book_appointment import book_appointment
from tenant_apps.agencies.models import Agency, Appointment, Hold
from tenant_apps.agencies.move_appointment import move_appointment
from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenant_apps.agencies.remind import remind_of_appointments
from tenant_apps.clients.models import Client
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenants.models import Caisse
from tests.agencies.agenda import NOW, at, in_days, set_up
from tests.concurrency.parallel import at_once
from tests.desk.counter import register

AT_ONCE = 20
HOUR = at(9, 30, day=in_days(2))


@pytest.fixture
def agency_committed(alpha_committed: Caisse) -> Caisse:
    set_up(alpha_committed)
    return alpha_committed


def crowd(caisse: Caisse, count: int = AT_ONCE) -> list[Client]:
    return [register(caisse, f"C-{100 + number}") for number in range(count)]


def attempt(caisse: Caisse, client: Client, starts_at: datetime, form: UUID, purpose: str) -> UUID:
    with tenant_context(caisse):
        booked = book_appointment(
            client=client,
            purpose=purpose,
            agency=Agency.objects.get(),
            starts_at=starts_at,
            form=form,
            now=NOW,
        )
        return booked.uuid


def change(caisse: Caisse, client: Client, uuid: UUID, starts_at: datetime) -> UUID:
    with tenant_context(caisse):
        move_appointment(client=client, uuid=uuid, starts_at=starts_at, form=uuid4(), now=NOW)
        return uuid


def whys(results: Sequence[UUID | Exception]) -> Counter[str]:
    """What was refused, and why; anything but a refusal of ours is a fault."""
    faults = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, AppointmentRefusedError) for each in faults), faults
    return Counter(each.why if isinstance(each, AppointmentRefusedError) else "done" for each in results)


def test_of_twenty_who_want_the_two_seats_of_an_hour_two_get_them(agency_committed: Caisse) -> None:
    acts = [
        partial(attempt, agency_committed, client, HOUR, uuid4(), "redeem")
        for client in crowd(agency_committed)
    ]
    assert whys(at_once(acts)) == {"done": 2, "taken": AT_ONCE - 2}
    with tenant_context(agency_committed):
        assert Appointment.objects.count() == 2
        assert Hold.objects.count() == 12
        assert Event.objects.filter(kind="appointment.booked").count() == 2


def test_a_form_posted_twenty_times_at_once_books_once(agency_committed: Caisse) -> None:
    with tenant_context(agency_committed):
        client = Client.objects.get(pk=1)
    form = uuid4()
    results = at_once([partial(attempt, agency_committed, client, HOUR, form, "redeem")] * AT_ONCE)
    assert len(set(results)) == 1
    assert whys(results) == {"done": AT_ONCE}
    with tenant_context(agency_committed):
        assert Message.objects.filter(kind="appointment_booked").count() == 1


def test_twenty_forms_of_one_client_at_once_stop_at_the_limit(agency_committed: Caisse) -> None:
    with tenant_context(agency_committed):
        client = Client.objects.get(pk=1)
    hours = [at(9 + half // 2, half % 2 * 30, day=in_days(day)) for day in (2, 7, 8, 9) for half in range(5)]
    acts = [partial(attempt, agency_committed, client, hour, uuid4(), "redeem") for hour in hours]
    assert whys(at_once(acts)) == {"done": 3, "too_many": AT_ONCE - 3}


def test_hours_that_are_exchanged_at_once_are_never_held_twice_and_nobody_waits_for_ever(
    agency_committed: Caisse,
) -> None:
    """Each leaves an hour that another wants: a cycle, were the seats locked one by one."""
    hours = [at(9, 0, day=in_days(2)), at(9, 45, day=in_days(2)), at(10, 30, day=in_days(2))]
    clients = crowd(agency_committed, len(hours))
    mine = [
        attempt(agency_committed, client, hour, uuid4(), "appraisal")
        for client, hour in zip(clients, hours, strict=True)
    ]
    turned = [*hours[1:], hours[0]]
    acts = [
        partial(change, agency_committed, client, uuid, hour)
        for client, uuid, hour in zip(clients, mine, turned, strict=True)
        for _ in range(AT_ONCE // len(hours))
    ]
    assert set(whys(at_once(acts))) <= {"done", "taken"}
    with tenant_context(agency_committed):
        assert Hold.objects.count() == 27
        booked = Appointment.objects.values_list("starts_at", flat=True)
        assert len(set(booked)) == len(hours)


def test_a_reminder_leaves_once_however_many_workers_remind(agency_committed: Caisse) -> None:
    client = crowd(agency_committed, 1)[0]
    with tenant_context(agency_committed):
        Client.objects.filter(pk=client.pk).update(email="x@example.org")
    attempt(agency_committed, client, HOUR, uuid4(), "redeem")

    def remind() -> int:
        with tenant_context(agency_committed):
            return remind_of_appointments(now=at(9, 0, day=in_days(1)))

    results = at_once([remind] * AT_ONCE)
    assert Counter(results) == {0: AT_ONCE - 1, 1: 1}
    with tenant_context(agency_committed):
        assert Message.objects.filter(kind="appointment_reminder").count() == 1
