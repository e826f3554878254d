"""The reminder of the eve: once, by the way that the client has, and not for what was just booked."""

from datetime import datetime

import pytest
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from tenant_apps.agencies.cancel_appointment import cancel_by_client
from tenant_apps.agencies.models import Appointment
from tenant_apps.agencies.remind import remind_of_appointments
from tenant_apps.agencies.tasks import remind as remind_job
from tenant_apps.clients.models import Client
from tenant_apps.messaging.models import Message
from tenants.jobs.clock import Rhythm, _tasks
from tenants.models import Caisse
from tests.agencies.agenda import NOW, at, book, client, in_days, set_up
from tests.agencies.test_booking import move
from tests.clock import Clock
from tests.desk.counter import register, sent

WEDNESDAY, EVE = in_days(2), in_days(1)
NINE = at(9, 0, day=EVE)


def remind(caisse: Caisse, now: datetime = NINE) -> int:
    with tenant_context(caisse):
        return remind_of_appointments(now=now)


def test_the_client_is_reminded_once_on_the_eve(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    counts = [
        remind(open_alpha, now)
        for now in (at(20, 0), at(8, 59, day=EVE), NINE, NINE, at(14, 0, day=EVE), at(8, 0, day=WEDNESDAY))
    ]
    assert counts == [0, 0, 1, 0, 0, 0]
    (mail,) = sent(open_alpha, "appointment_reminder")
    text = mail["text"].replace("\xa0", " ")
    for words in ("demain, le 16 septembre 2026 à 9 h 30", "une pièce d’identité", str(booked.uuid)):
        assert words in text
    with tenant_context(open_alpha):
        message = Message.objects.get(kind="appointment_reminder")
    assert message.expires_at == booked.starts_at


def test_who_has_no_address_is_reminded_by_sms(open_alpha: Caisse) -> None:
    with tenant_context(open_alpha):
        Client.objects.filter(pk=1).update(email="")
    book(open_alpha, at(9, 30, day=WEDNESDAY))
    remind(open_alpha)
    (sms,) = sent(open_alpha, "appointment_reminder")
    assert sms["to"] == "+33639980001"
    assert "rappel, rendez-vous demain" in sms["text"]


def test_who_has_no_way_at_all_is_looked_at_once(open_alpha: Caisse) -> None:
    with tenant_context(open_alpha):
        Client.objects.filter(pk=1).update(email="", mobile="")
    book(open_alpha, at(9, 30, day=WEDNESDAY))
    assert [remind(open_alpha), remind(open_alpha)] == [0, 0]
    with tenant_context(open_alpha):
        assert Appointment.objects.get().reminded_of is not None


def test_what_is_cancelled_or_booked_on_the_eve_needs_no_reminder(open_alpha: Caisse) -> None:
    gone = book(open_alpha, at(9, 30, day=WEDNESDAY))
    with tenant_context(open_alpha):
        cancel_by_client(client=client(open_alpha), uuid=gone.uuid, now=NOW)
    book(open_alpha, at(15, 0, day=WEDNESDAY), now=at(10, 0, day=EVE))
    assert remind(open_alpha, at(11, 0, day=EVE)) == 0


def test_a_move_after_the_reminder_is_reminded_of_anew(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    assert remind(open_alpha) == 1
    move(open_alpha, booked, at(9, 30, day=in_days(8)), now=at(9, 15, day=EVE))
    assert remind(open_alpha, at(9, 0, day=in_days(7))) == 1
    assert len(sent(open_alpha, "appointment_reminder")) == 2


def test_the_other_caisse_reminds_its_own_clients(open_alpha: Caisse, beta: Caisse) -> None:
    set_up(beta)
    book(beta, at(9, 30, day=WEDNESDAY))
    assert [remind(open_alpha), remind(beta)] == [0, 1]
    assert sent(open_alpha, "appointment_reminder") == []


def test_the_job_of_the_clock_reminds(open_alpha: Caisse, clock: Clock) -> None:
    assert "agencies.remind" in _tasks[Rhythm.QUARTER]
    book(open_alpha, at(9, 30, day=WEDNESDAY))
    clock.set_to(NINE)
    with tenant_context(open_alpha):
        for _ in range(2):
            remind_job(tenant=connection.schema_name, asked_at=int(NINE.timestamp()))
    assert len(sent(open_alpha, "appointment_reminder")) == 1


@pytest.mark.parametrize("count", [1, 12])
def test_everybody_of_the_day_is_reminded(open_alpha: Caisse, count: int) -> None:
    for number in range(count):
        other = register(open_alpha, f"C-{300 + number}")
        with tenant_context(open_alpha):
            Client.objects.filter(pk=other.pk).update(email=f"c{number}@example.org")
        book(open_alpha, at(9 + number // 4, number // 2 % 2 * 30, day=WEDNESDAY), client=other)
    assert remind(open_alpha) == count
