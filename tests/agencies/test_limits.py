"""Nobody holds the whole diary: not by booking, by staying away, by giving back too late, or by changing for ever."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.agencies.calendar import calendar_of
from tenant_apps.agencies.cancel_appointment import cancel_by_client
from tenant_apps.agencies.domain.limits import CHANGES_A_DAY, MISSED_AT_MOST, MISSED_WITHIN
from tenant_apps.agencies.models import Appointment, Hold
from tenant_apps.agencies.move_appointment import move_appointment
from tenant_apps.agencies.note_presence import note_presence
from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenants.models import Caisse
from tests.agencies.agenda import NOW, agency, appointments, at, book, client, in_days
from tests.agencies.test_client_screens import BOOK, LIST, back
from tests.clock import Clock
from tests.pawn.pledges import neighbour

STAFF = UUID(int=7)
WEDNESDAY = in_days(2)
AFTER = at(18, 0, day=WEDNESDAY)


def refused(why: str) -> "pytest.RaisesExc[AppointmentRefusedError]":
    return pytest.raises(AppointmentRefusedError, match=f"^{why}$")


def missed(caisse: Caisse, count: int = MISSED_AT_MOST) -> list[Appointment]:
    """So many on Wednesday, to none of which the client came."""
    found = [book(caisse, at(9 + number, 0, day=WEDNESDAY), by=STAFF) for number in range(count)]
    with tenant_context(caisse):
        for each in found:
            note_presence(uuid=each.uuid, came=False, by=STAFF, now=AFTER)
    return found


def cancel(caisse: Caisse, appointment: Appointment, now: datetime = NOW) -> None:
    with tenant_context(caisse):
        cancel_by_client(client=client(caisse), uuid=appointment.uuid, now=now)


def move(caisse: Caisse, appointment: Appointment, starts_at: datetime, now: datetime = NOW) -> None:
    with tenant_context(caisse):
        move_appointment(
            client=client(caisse), uuid=appointment.uuid, starts_at=starts_at, form=uuid4(), now=now
        )


def test_who_tries_every_hour_of_the_diary_gets_what_the_caisse_allows(open_alpha: Caisse) -> None:
    with tenant_context(open_alpha):
        calendar = calendar_of(agency=agency(open_alpha), kind="redeem", now=NOW)
        free = calendar.free(first=in_days(0), last=calendar.last_day)
    assert len(free) > 50
    whys = set()
    for slot in free:
        try:
            book(open_alpha, slot.starts_at)
        except AppointmentRefusedError as error:
            whys.add(error.why)
    assert len(appointments(open_alpha)) == 3
    assert whys == {"too_many"}
    book(open_alpha, free[-1].starts_at, client=neighbour(open_alpha))


def test_who_did_not_come_too_often_books_by_the_agency_alone_for_a_time(open_alpha: Caisse) -> None:
    found = missed(open_alpha)
    next_week = at(10, 0, day=in_days(9))
    with refused("too_many_missed"):
        book(open_alpha, next_week, now=AFTER)
    book(open_alpha, next_week, now=AFTER, by=STAFF)
    book(open_alpha, at(11, 0, day=in_days(9)), now=AFTER, client=neighbour(open_alpha))
    later = found[0].starts_at + MISSED_WITHIN + timedelta(hours=1)
    book(open_alpha, at(10, 0, day=later.date() + timedelta(days=7)), now=later)


def test_a_slip_of_the_counter_is_mended(open_alpha: Caisse) -> None:
    first, *_ = missed(open_alpha)
    with tenant_context(open_alpha):
        note_presence(uuid=first.uuid, came=True, by=STAFF, now=AFTER)
    assert book(open_alpha, at(10, 0, day=in_days(9)), now=AFTER).state == "booked"


def test_hours_given_back_or_moved_too_late_count_as_missed_and_in_time_they_do_not(
    open_alpha: Caisse,
) -> None:
    in_time = book(open_alpha, at(16, 0, day=WEDNESDAY))
    move(open_alpha, in_time, at(16, 30, day=WEDNESDAY))
    cancel(open_alpha, in_time)
    late = at(8, 0, day=WEDNESDAY)
    for hour in (10, 11):
        cancel(open_alpha, book(open_alpha, at(hour, 0, day=WEDNESDAY)), now=late)
    moved = book(open_alpha, at(14, 0, day=WEDNESDAY))
    move(open_alpha, moved, at(10, 0, day=in_days(9)), now=late)
    with refused("too_many_missed"):
        book(open_alpha, at(11, 0, day=in_days(9)), now=late)


def test_what_the_agency_cancels_or_moves_is_nobodys_fault(open_alpha: Caisse) -> None:
    late = at(8, 0, day=WEDNESDAY)
    for number in range(MISSED_AT_MOST):
        booked = book(open_alpha, at(9 + number, 0, day=WEDNESDAY))
        with tenant_context(open_alpha):
            move_appointment(
                client=client(open_alpha),
                uuid=booked.uuid,
                starts_at=at(14, 30 * (number % 2), day=in_days(7 + number // 2)),
                form=uuid4(),
                now=late,
                by=STAFF,
            )
        cancel(open_alpha, booked, now=late)
    assert book(open_alpha, at(9, 0, day=in_days(9)), now=late).state == "booked"


def test_who_books_and_cancels_for_ever_is_stopped_for_a_day(open_alpha: Caisse) -> None:
    for _ in range(CHANGES_A_DAY - 1):
        cancel(open_alpha, book(open_alpha, at(10, 0, day=WEDNESDAY)))
    last = book(open_alpha, at(10, 0, day=WEDNESDAY))
    with refused("too_often"):
        book(open_alpha, at(11, 0, day=WEDNESDAY))
    with refused("too_often"):
        move(open_alpha, last, at(11, 0, day=WEDNESDAY))
    with tenant_context(open_alpha):
        assert Hold.objects.filter(step__date=WEDNESDAY).count() == 6
    book(open_alpha, at(10, 0, day=in_days(7)), now=NOW + timedelta(days=1, minutes=1))


def test_the_screen_says_so_before_any_question_and_gives_the_phone(
    open_alpha: Caisse, anne: Browser, clock: Clock
) -> None:
    missed(open_alpha)
    back(anne, open_alpha, clock, AFTER)
    page = anne.get(LIST).content.decode()
    assert "manqués ou rendus trop tard" in page
    assert f'href="{BOOK}"' not in page
    assert anne.get(BOOK).headers["Location"] == f"{LIST}?refus=too_many_missed"
    followed = anne.get(BOOK, follow=True).content.decode()
    assert followed.count("manqués ou rendus trop tard") == 1
