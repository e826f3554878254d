"""Book, move, cancel: what the services do and refuse."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django_tenants.utils import tenant_context

from tenant_apps.agencies.cancel_appointment import cancel_by_agency, cancel_by_client
from tenant_apps.agencies.models import Appointment, AppointmentRules, Hold
from tenant_apps.agencies.move_appointment import move_appointment
from tenant_apps.agencies.note_presence import note_presence
from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenant_apps.agencies.selectors import NoSuchAgencyError, NoSuchAppointmentError, agency_of
from tenant_apps.clients.models import Client
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.take_other_way import take_other_way
from tenants.models import Caisse
from tests.agencies.agenda import NOW, again, agency, appointments, at, book, client, in_days, set_up
from tests.desk.counter import sent
from tests.pawn.pledges import neighbour

WEDNESDAY, TUESDAY = in_days(2), in_days(1)
STAFF = UUID(int=7)


def refused(why: str) -> "pytest.RaisesExc[AppointmentRefusedError]":
    return pytest.raises(AppointmentRefusedError, match=f"^{why}$")


def events(caisse: Caisse) -> list[Event]:
    with tenant_context(caisse):
        return list(Event.objects.filter(kind__startswith="appointment.").order_by("id"))


def move(caisse: Caisse, appointment: Appointment, starts_at: object, **changes: object) -> Appointment:
    with tenant_context(caisse):
        asked = {"client": client(caisse), "uuid": appointment.uuid, "form": uuid4(), "now": NOW, **changes}
        return move_appointment(starts_at=starts_at, **asked)  # type: ignore[arg-type]  # what the test gives


def cancel(caisse: Caisse, appointment: Appointment, *, now: object = NOW) -> bool:
    with tenant_context(caisse):
        return cancel_by_client(client=client(caisse), uuid=appointment.uuid, now=now)  # type: ignore[arg-type]  # as above


def test_an_appointment_takes_its_seat_tells_the_client_and_stands_in_the_journal(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    assert booked.ends_at - booked.starts_at == timedelta(minutes=30)
    with tenant_context(open_alpha):
        assert Hold.objects.filter(appointment=booked).count() == 6
    (mail,) = sent(open_alpha, "appointment_booked")
    assert mail["to"] == "client@alpha.example.org"
    for words in ("16 septembre 2026", "9 h 30", "Agence du Centre", "votre contrat", f"{booked.uuid}/"):
        assert words in mail["text"].replace("\xa0", " ")
        assert words in mail["html"].replace("\xa0", " ").replace("&nbsp;", " ")
    (event,) = events(open_alpha)
    assert event.kind == "appointment.booked"
    assert event.details == {"appointment": str(booked.uuid), "purpose": "redeem"}


def test_who_has_no_address_is_told_by_sms_and_who_has_nothing_is_not(open_alpha: Caisse) -> None:
    with tenant_context(open_alpha):
        Client.objects.filter(pk=1).update(email="")
    book(open_alpha, at(9, 30, day=WEDNESDAY))
    (sms,) = sent(open_alpha, "appointment_booked")
    assert sms["to"] == "+33639980001"
    assert "16 septembre 2026" in sms["text"].replace("\xa0", " ")
    book(open_alpha, at(9, 30, day=WEDNESDAY), client=neighbour(open_alpha))
    assert len(sent(open_alpha, "appointment_booked")) == 1


def test_an_english_client_is_told_in_english(open_alpha: Caisse) -> None:
    with tenant_context(open_alpha):
        Client.objects.filter(pk=1).update(language="en")
    book(open_alpha, at(9, 30, day=WEDNESDAY))
    (mail,) = sent(open_alpha, "appointment_booked")
    assert "your contract" in mail["text"]
    assert "16\xa0September 2026" in mail["text"]


def test_as_many_are_received_at_once_as_there_are_seats(open_alpha: Caisse) -> None:
    hour, noe = at(9, 30, day=WEDNESDAY), neighbour(open_alpha)
    book(open_alpha, hour)
    book(open_alpha, hour, client=noe)
    third = Client(number="C-9", first_name="Ève", last_name="Neuf", folded_name="neuf eve")
    with tenant_context(open_alpha):
        third.save()
    with refused("taken"):
        book(open_alpha, hour, client=third)


def test_the_database_itself_forbids_two_clients_on_one_seat(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    with tenant_context(open_alpha):
        hold = Hold.objects.filter(appointment=booked).first()
        assert hold
        with pytest.raises(IntegrityError, match="one_client_a_seat"), transaction.atomic():
            Hold.objects.create(appointment=booked, resource=hold.resource, seat=hold.seat, step=hold.step)


@pytest.mark.parametrize(
    ("hour", "minute", "day"),
    [
        (12, 0, 2),  # closing time
        (9, 15, 2),  # between two slots
        (9, 0, 5),  # a Saturday
        (9, 0, 3),  # a closure
        (9, 0, 60),  # beyond the horizon
        (16, 0, 0),  # too soon for the notice
        (9, 0, -3),  # gone
    ],
)
def test_what_is_not_offered_cannot_be_booked(open_alpha: Caisse, hour: int, minute: int, day: int) -> None:
    with refused("taken"):
        book(open_alpha, at(hour, minute, day=in_days(day)))
    assert appointments(open_alpha) == []
    assert sent(open_alpha, "appointment_booked") == []


def test_an_agency_that_does_not_receive_for_it_is_not_there(open_alpha: Caisse) -> None:
    with pytest.raises(NoSuchAgencyError):
        book(open_alpha, at(9, 30, day=WEDNESDAY), purpose="bring")


def test_the_same_form_posted_twice_books_once(open_alpha: Caisse) -> None:
    form, hour = uuid4(), at(9, 30, day=WEDNESDAY)
    first, second = (book(open_alpha, hour, form=form) for _ in range(2))
    assert first.pk == second.pk
    assert len(appointments(open_alpha)) == 1
    assert len(sent(open_alpha, "appointment_booked")) == 1


def test_the_same_form_answers_the_same_even_after_its_appointment_was_cancelled(open_alpha: Caisse) -> None:
    form, hour = uuid4(), at(9, 30, day=WEDNESDAY)
    first = book(open_alpha, hour, form=form)
    cancel(open_alpha, first)
    assert book(open_alpha, hour, form=form).pk == first.pk
    assert len(appointments(open_alpha)) == 1


def test_a_form_posted_with_another_content_is_refused(open_alpha: Caisse) -> None:
    form = uuid4()
    book(open_alpha, at(9, 30, day=WEDNESDAY), form=form)
    with refused("form_reused"):
        book(open_alpha, at(10, 0, day=WEDNESDAY), form=form)


def test_two_clients_may_have_forms_of_the_same_number(open_alpha: Caisse) -> None:
    form = uuid4()
    book(open_alpha, at(9, 30, day=WEDNESDAY), form=form)
    book(open_alpha, at(10, 0, day=WEDNESDAY), form=form, client=neighbour(open_alpha))
    assert len(appointments(open_alpha)) == 2


def test_a_client_has_no_more_appointments_than_the_caisse_allows(open_alpha: Caisse) -> None:
    for minute in (0, 30):
        book(open_alpha, at(9, minute, day=WEDNESDAY))
    third = book(open_alpha, at(10, 0, day=WEDNESDAY))
    with refused("too_many"):
        book(open_alpha, at(11, 0, day=WEDNESDAY))
    cancel(open_alpha, third)
    book(open_alpha, at(11, 0, day=WEDNESDAY))


def test_past_appointments_do_not_count(open_alpha: Caisse) -> None:
    for hour, minute in ((10, 0), (10, 30), (11, 0)):
        book(open_alpha, at(hour, minute, day=TUESDAY))
    book(open_alpha, at(10, 0, day=in_days(7)), now=at(8, 0, day=WEDNESDAY))


def test_nobody_is_expected_in_two_places_at_once(open_alpha: Caisse) -> None:
    book(open_alpha, at(9, 30, day=WEDNESDAY))
    with refused("overlap"):
        book(open_alpha, at(9, 45, day=WEDNESDAY), purpose="appraisal")


def test_the_agency_books_without_notice_and_over_the_limit_but_never_a_taken_hour(
    open_alpha: Caisse,
) -> None:
    for minute in (0, 30):
        book(open_alpha, at(9, minute, day=WEDNESDAY))
    book(open_alpha, at(10, 0, day=WEDNESDAY))
    booked = book(open_alpha, at(11, 0), by=STAFF)
    assert events(open_alpha)[-1].details["by"] == str(STAFF)
    with refused("overlap"):
        book(open_alpha, at(11, 0), by=STAFF)
    assert booked.state == "booked"


def test_an_agency_of_one_caisse_is_not_found_in_the_other(alpha: Caisse, beta: Caisse) -> None:
    set_up(beta)
    theirs = agency(beta).uuid
    with tenant_context(beta):
        assert agency_of(uuid=theirs).name == "Agence du Centre"
    with tenant_context(alpha), pytest.raises(NoSuchAgencyError):
        agency_of(uuid=theirs)


def test_moving_gives_the_old_hour_back_and_tells_both_hours(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    move(open_alpha, booked, at(14, 0, day=WEDNESDAY))
    moved = again(open_alpha, booked.uuid)
    assert (moved.starts_at, moved.moves) == (at(14, 0, day=WEDNESDAY), 1)
    with tenant_context(open_alpha):
        steps = set(Hold.objects.values_list("step", flat=True))
    assert min(steps) == at(14, 0, day=WEDNESDAY)
    assert len(steps) == 6
    (mail,) = sent(open_alpha, "appointment_moved")
    text = mail["text"].replace("\xa0", " ")
    assert "14 h 00, et non plus le 16 septembre 2026 à 9 h 30" in text
    assert [each.kind for each in events(open_alpha)] == ["appointment.booked", "appointment.moved"]


def test_moving_by_a_step_is_not_hindered_by_ones_own_seat(open_alpha: Caisse) -> None:
    set_up(open_alpha, resources=[{"code": "guichets", "name": "G", "capacity": 1}], purposes=one_purpose())
    first = book(open_alpha, at(9, 0, day=WEDNESDAY))
    set_up(
        open_alpha,
        resources=[{"code": "guichets", "name": "G", "capacity": 1}],
        purposes=one_purpose("20 min"),
    )
    assert move(open_alpha, first, at(9, 20, day=WEDNESDAY)).starts_at == at(9, 20, day=WEDNESDAY)


def one_purpose(duration: str = "30 min") -> list[dict[str, object]]:
    return [
        {
            "kind": "redeem",
            "duration": duration,
            "notice": "1 h",
            "days_ahead": 30,
            "resources": ["guichets"],
            "bring": {"fr": "", "en": ""},
        }
    ]


def test_a_move_that_is_refused_leaves_the_appointment_where_it_was(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    with refused("taken"):
        move(open_alpha, booked, at(9, 45, day=WEDNESDAY))
    with tenant_context(open_alpha):
        assert Hold.objects.filter(appointment=booked).count() == 6
    assert again(open_alpha, booked.uuid).starts_at == at(9, 30, day=WEDNESDAY)


def test_the_same_form_moves_once_even_when_it_was_moved_again_in_between(open_alpha: Caisse) -> None:
    booked, form = book(open_alpha, at(9, 30, day=WEDNESDAY)), uuid4()
    move(open_alpha, booked, at(10, 0, day=WEDNESDAY), form=form)
    move(open_alpha, booked, at(11, 0, day=WEDNESDAY))
    move(open_alpha, booked, at(10, 0, day=WEDNESDAY), form=form)
    assert again(open_alpha, booked.uuid).starts_at == at(11, 0, day=WEDNESDAY)
    with refused("form_reused"):
        move(open_alpha, booked, at(14, 0, day=WEDNESDAY), form=form)


def test_moving_to_the_same_hour_changes_and_tells_nothing(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    move(open_alpha, booked, booked.starts_at)
    assert sent(open_alpha, "appointment_moved") == []


def test_another_clients_appointment_is_neither_moved_nor_cancelled(open_alpha: Caisse, beta: Caisse) -> None:
    set_up(beta)
    theirs = book(open_alpha, at(9, 30, day=WEDNESDAY), client=neighbour(open_alpha))
    far = book(beta, at(9, 30, day=WEDNESDAY))
    for other in (theirs, far):
        with pytest.raises(NoSuchAppointmentError):
            move(open_alpha, other, at(10, 0, day=WEDNESDAY))
        with pytest.raises(NoSuchAppointmentError):
            cancel(open_alpha, other)


def test_cancelling_frees_the_hour_once(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    assert [cancel(open_alpha, booked) for _ in range(2)] == [True, False]
    with tenant_context(open_alpha):
        assert not Hold.objects.exists()
    assert [each.kind for each in events(open_alpha)] == ["appointment.booked", "appointment.cancelled"]
    with refused("over"):
        move(open_alpha, booked, at(10, 0, day=WEDNESDAY))


def test_a_late_change_is_noted_where_the_caisse_accepts_it(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    cancel(open_alpha, booked, now=at(9, 31, day=TUESDAY))
    assert again(open_alpha, booked.uuid).cancelled_late
    assert events(open_alpha)[-1].details["late"] is True


def test_a_late_change_is_for_the_agency_where_the_caisse_says_so(open_alpha: Caisse) -> None:
    late_at_agency(open_alpha)
    booked, late = book(open_alpha, at(9, 30, day=WEDNESDAY)), at(9, 31, day=TUESDAY)
    with refused("late"):
        cancel(open_alpha, booked, now=late)
    with refused("late"):
        move(open_alpha, booked, at(14, 0, day=WEDNESDAY), now=late)
    move(open_alpha, booked, at(14, 0, day=WEDNESDAY), now=late, by=STAFF)
    assert cancel(open_alpha, booked, now=at(9, 0, day=TUESDAY))


def late_at_agency(caisse: Caisse) -> None:
    with tenant_context(caisse):
        AppointmentRules.objects.update(late="agency")


def test_what_has_begun_is_no_longer_changed(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    begun = at(9, 30, day=WEDNESDAY)
    with refused("over"):
        cancel(open_alpha, booked, now=begun)
    with refused("over"):
        move(open_alpha, booked, at(14, 0, day=WEDNESDAY), now=begun)


def test_the_agency_cancels_with_a_reason_that_the_client_reads_and_the_journal_keeps_as_a_code(
    open_alpha: Caisse,
) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    with tenant_context(open_alpha):
        for _ in range(2):
            cancel_by_agency(
                uuid=booked.uuid,
                reason="nobody_there",
                words="jusqu’à jeudi",
                by=STAFF,
                now=NOW,
            )
    (mail,) = sent(open_alpha, "appointment_cancelled")
    assert "La personne qui devait vous recevoir est absente (jusqu’à jeudi)" in mail["text"]
    last = events(open_alpha)[-1]
    assert (last.details["reason"], last.details["by"]) == ("nobody_there", str(STAFF))
    assert "jeudi" not in str(last.details)


def test_whether_the_client_came_is_noted_and_a_slip_is_mended(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))

    def noted(*, came: bool, hour: int, minute: int = 0) -> bool:
        with tenant_context(open_alpha):
            now = at(hour, minute, day=WEDNESDAY)
            return note_presence(uuid=booked.uuid, came=came, by=STAFF, now=now)

    with refused("too_early"):
        noted(came=False, hour=9)
    assert [noted(came=True, hour=9), noted(came=True, hour=9)] == [True, False]
    with refused("too_early"):
        noted(came=False, hour=9, minute=59)
    assert noted(came=False, hour=10)
    assert again(open_alpha, booked.uuid).state == "missed"
    assert [each.kind for each in events(open_alpha)] == [
        "appointment.booked",
        "appointment.kept",
        "appointment.missed",
    ]


def test_nobody_came_to_what_was_cancelled_nor_comes_before_the_day(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    with tenant_context(open_alpha), refused("too_early"):
        note_presence(uuid=booked.uuid, came=True, by=STAFF, now=at(18, 0, day=TUESDAY))
    cancel(open_alpha, booked)
    with tenant_context(open_alpha), refused("over"):
        note_presence(uuid=booked.uuid, came=True, by=STAFF, now=at(10, 0, day=WEDNESDAY))


def test_an_appointment_is_about_what_the_client_has_and_about_nothing_else(
    open_alpha: Caisse, ring: UUID
) -> None:
    assert book(open_alpha, at(9, 30, day=WEDNESDAY), about=ring).about == ring
    with refused("unknown_subject"):
        book(open_alpha, at(10, 0, day=WEDNESDAY), about=uuid4())
    with refused("unknown_subject"):
        book(open_alpha, at(10, 0, day=WEDNESDAY), about=ring, client=neighbour(open_alpha))
    with refused("unknown_subject"):
        book(open_alpha, at(10, 15, day=WEDNESDAY), purpose="appraisal", about=ring)


def test_a_cancellation_that_no_mail_brings_may_leave_by_sms(open_alpha: Caisse) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    with tenant_context(open_alpha):
        cancel_by_agency(uuid=booked.uuid, reason="agency_closed", words="", by=STAFF, now=NOW)
        message = Message.objects.get(kind="appointment_cancelled")
        other = take_other_way(message=message, now=NOW)
        assert other is not None
        assert other.channel == "sms"
    (_, sms) = sent(open_alpha, "appointment_cancelled")
    assert sms["to"] == "+33639980001"
    assert "est annulé" in sms["text"]
