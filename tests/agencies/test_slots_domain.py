"""What an agency offers: hours, closures, capacity, and the days on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.agencies.domain.delays import is_late, is_reminder_due
from tenant_apps.agencies.domain.opening import Closure, Hours, Opening, Timetable
from tenant_apps.agencies.domain.public_holidays import public_holidays
from tenant_apps.agencies.domain.slots import STEP, Held, Seat, Service, Slot, free_slots, steps_of

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 9, 14)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
MORNING = Hours(time(9), time(12))
ALL_NIGHT = Hours(time(0), time(6))


def week(*hours: Hours, days: tuple[int, ...] = tuple(range(7))) -> tuple[tuple[Hours, ...], ...]:
    return tuple(hours if day in days else () for day in range(7))


def opening(*hours: Hours, **more: object) -> Opening:
    return Opening((Timetable(date(2026, 1, 1), week(*hours)),), **more)  # type: ignore[arg-type]  # closures, holidays


def service(
    minutes: int = 30, *, seats: int = 1, notice: timedelta = timedelta(0), ahead: int = 365
) -> Service:
    return Service(
        timedelta(minutes=minutes), notice, ahead, tuple(Seat(1, number) for number in range(seats))
    )


def slots(
    found: Opening,
    served: Service,
    day: date = MONDAY,
    *,
    until: date | None = None,
    held: frozenset[Held] = frozenset(),
    now: datetime = LONG_AGO,
) -> list[Slot]:
    return free_slots(
        opening=found, service=served, first=day, last=until or day, held=held, now=now, zone=PARIS
    )


def clock(found: list[Slot]) -> list[str]:
    return [f"{each.starts_at.astimezone(PARIS):%H:%M}" for each in found]


def taken(slot: Slot) -> frozenset[Held]:
    steps = steps_of(starts_at=slot.starts_at, ends_at=slot.ends_at)
    return frozenset((slot.seat.resource, slot.seat.number, step) for step in steps)


def test_slots_follow_one_another_and_the_last_one_ends_before_closing() -> None:
    assert clock(slots(opening(MORNING), service(50))) == ["09:00", "09:50", "10:40"]
    assert clock(slots(opening(MORNING), service(60))) == ["09:00", "10:00", "11:00"]


def test_each_range_of_a_day_begins_anew() -> None:
    found = slots(opening(Hours(time(9), time(10)), Hours(time(14, 5), time(15, 5))), service(30))
    assert clock(found) == ["09:00", "09:30", "14:05", "14:35"]


def test_a_closure_closes_its_first_and_its_last_day_and_says_why() -> None:
    why = {"fr": "Travaux", "en": "Works"}
    closed = opening(MORNING, closures=(Closure(MONDAY, MONDAY + timedelta(days=1), why),))
    days = [MONDAY + timedelta(days=number) for number in (-1, 0, 1, 2)]
    assert [bool(slots(closed, service(), day)) for day in days] == [True, False, False, True]
    assert [closed.why_closed(day) for day in days] == [None, why, why, None]


def test_public_holidays_close_and_have_a_name_in_both_languages() -> None:
    closed = opening(MORNING, public_holidays=public_holidays(place="", years=[2026, 2027]))
    assert slots(closed, service(), date(2026, 5, 14)) == []
    assert closed.why_closed(date(2026, 5, 14)) == {"fr": "Ascension", "en": "Ascension Day"}
    assert slots(closed, service(), date(2027, 3, 29)) == []
    # Good Friday closes in Alsace and Moselle alone (Code du travail, art. L3134-13).
    assert slots(closed, service(), date(2026, 4, 3)) != []
    there = opening(MORNING, public_holidays=public_holidays(place="57", years=[2026]))
    assert slots(there, service(), date(2026, 4, 3)) == []


def test_a_day_that_the_week_does_not_open_has_no_reason_to_be_closed() -> None:
    bare = Opening(
        (Timetable(date(2026, 1, 1), week()),), public_holidays={MONDAY: {"fr": "Fête", "en": "Feast"}}
    )
    assert bare.why_closed(MONDAY) is None


def test_new_hours_hold_from_their_day_on_and_nothing_before_the_first() -> None:
    changing = Opening(
        (
            Timetable(MONDAY, week(MORNING)),
            Timetable(MONDAY + timedelta(days=2), week(Hours(time(14), time(15)))),
        )
    )
    days = [MONDAY + timedelta(days=number) for number in (-1, 0, 1, 2)]
    firsts = [clock(slots(changing, service(60), day))[:1] for day in days]
    assert firsts == [[], ["09:00"], ["09:00"], ["14:00"]]


def test_notice_and_horizon_bound_what_is_offered() -> None:
    now = datetime(2026, 9, 14, 7, 1, tzinfo=UTC)  # 09:01 in Paris
    served = service(60, notice=timedelta(hours=1), ahead=1)
    found = slots(opening(MORNING), served, until=MONDAY + timedelta(days=9), now=now)
    assert clock(found) == ["11:00", "09:00", "10:00", "11:00"]
    assert {each.starts_at.astimezone(PARIS).date() for each in found} == {
        MONDAY,
        MONDAY + timedelta(days=1),
    }


def test_the_horizon_is_a_day_of_the_agency_and_not_of_greenwich() -> None:
    midnight = datetime(2026, 9, 14, 22, 30, tzinfo=UTC)  # half past midnight of the 15th in Paris
    assert service(ahead=1).last_day(now=midnight, zone=PARIS) == date(2026, 9, 16)


def test_a_moment_is_offered_while_one_seat_is_free() -> None:
    served, night = service(60, seats=2), opening(MORNING)
    first = slots(night, served)[0]
    one_left = slots(night, served, held=taken(first))
    assert (one_left[0].starts_at, one_left[0].seat) == (first.starts_at, Seat(1, 1))
    full = slots(night, served, held=taken(first) | taken(one_left[0]))
    assert clock(full) == ["10:00", "11:00"]


def test_a_seat_held_for_one_step_is_not_free_for_a_longer_slot() -> None:
    step = datetime(2026, 9, 14, 7, 25, tzinfo=UTC)  # 09:25 in Paris
    found = slots(opening(MORNING), service(30), held=frozenset({(1, 0, step)}))
    assert clock(found)[0] == "09:30"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # The clocks go from 2 to 3: the hour in between opens nothing.
        (SPRING, ["00:00", "01:00", "03:00", "04:00", "05:00"]),
        # They go from 3 back to 2: an agency open all night is open twice at 2.
        (AUTUMN, ["00:00", "01:00", "02:00", "02:00", "03:00", "04:00", "05:00"]),
        (MONDAY, ["00:00", "01:00", "02:00", "03:00", "04:00", "05:00"]),
    ],
)
def test_the_night_of_a_clock_change_has_as_many_hours_as_it_lasts(day: date, expected: list[str]) -> None:
    found = slots(opening(ALL_NIGHT), service(60), day)
    assert clock(found) == expected
    assert all(
        later.starts_at - earlier.starts_at == timedelta(hours=1) for earlier, later in pairwise(found)
    )


def test_a_range_within_the_skipped_hour_opens_nothing() -> None:
    assert slots(opening(Hours(time(2, 10), time(2, 50))), service(5), SPRING) == []


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_the_day_after_a_clock_change_opens_at_its_usual_hour(day: date) -> None:
    found = slots(opening(MORNING), service(60), day - timedelta(days=1), until=day + timedelta(days=1))
    assert clock(found) == ["09:00", "10:00", "11:00"] * 3
    across = found[3].starts_at - found[0].starts_at
    assert across == timedelta(hours=23 if day == SPRING else 25)


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31)) | st.sampled_from([SPRING, AUTUMN])
HOURS = st.tuples(st.integers(0, 287), st.integers(0, 287)).filter(lambda pair: pair[0] < pair[1])


def wall(steps: int) -> time:
    return (LONG_AGO + steps * STEP).time()


@given(
    day=DAYS,
    hours=HOURS,
    minutes=st.integers(1, 24).map(lambda n: 5 * n),
    seats=st.integers(1, 3),
    data=st.data(),
)
def test_whatever_is_offered_is_open_free_whole_and_in_order(
    day: date, hours: tuple[int, int], minutes: int, seats: int, data: st.DataObject
) -> None:
    found, served = opening(Hours(wall(hours[0]), wall(hours[1]))), service(minutes, seats=seats)
    free = slots(found, served, day)
    booked = data.draw(st.lists(st.sampled_from(free), max_size=5)) if free else []
    held = frozenset[Held]().union(*map(taken, booked))
    ranges = found.ranges_on(day, zone=PARIS)
    left = slots(found, served, day, held=held)
    for slot in left:
        assert slot.ends_at - slot.starts_at == served.duration
        assert any(opens <= slot.starts_at and slot.ends_at <= closes for opens, closes in ranges)
        assert not taken(slot) & held
        assert slot.starts_at.timestamp() % STEP.total_seconds() == 0
    assert all(earlier.ends_at <= later.starts_at for earlier, later in pairwise(left))


@given(day=DAYS, minutes=st.integers(1, 24).map(lambda n: 5 * n), seats=st.integers(1, 3))
def test_booking_what_is_offered_until_nothing_is_left_never_takes_a_seat_twice(
    day: date, minutes: int, seats: int
) -> None:
    found, served, held = opening(MORNING), service(minutes, seats=seats), frozenset[Held]()
    moments = len(slots(found, served, day))
    count = 0
    while free := slots(found, served, day, held=held):
        assert not taken(free[0]) & held
        held |= taken(free[0])
        count += 1
    assert count == moments * seats


@given(minutes=st.integers(1, 48).map(lambda n: 5 * n))
def test_steps_cover_the_whole_of_a_slot_and_nothing_more(minutes: int) -> None:
    begins = datetime(2026, 9, 14, 7, tzinfo=UTC)
    ends = begins + timedelta(minutes=minutes)
    steps = steps_of(starts_at=begins, ends_at=ends)
    assert steps[0] == begins
    assert steps[-1] + STEP == ends
    assert all(later - earlier == STEP for earlier, later in pairwise(steps))


@pytest.mark.parametrize(("minutes", "late"), [(1441, False), (1440, False), (1439, True), (-5, True)])
def test_a_change_is_late_within_the_delay_of_the_caisse(minutes: int, late: bool) -> None:
    now = datetime(2026, 9, 14, 8, tzinfo=UTC)
    starts_at = now + timedelta(minutes=minutes)
    assert is_late(starts_at=starts_at, now=now, late_after=timedelta(hours=24)) is late


@pytest.mark.parametrize(
    ("now", "settled", "due"),
    [
        ("2026-10-25 08:59", "2026-10-20 12:00", False),
        ("2026-10-25 09:00", "2026-10-20 12:00", True),
        ("2026-10-25 19:59", "2026-10-20 12:00", True),
        ("2026-10-25 20:00", "2026-10-20 12:00", False),
        ("2026-10-26 09:00", "2026-10-20 12:00", True),
        ("2026-10-26 10:00", "2026-10-20 12:00", False),
        ("2026-10-25 15:00", "2026-10-25 09:00", False),
        ("2026-10-25 15:00", "2026-10-25 08:59", True),
        ("2026-10-24 15:00", "2026-10-20 12:00", False),
    ],
)
def test_a_reminder_is_due_on_the_eve_at_a_decent_hour_and_not_for_what_was_just_booked(
    now: str, settled: str, due: bool
) -> None:
    """The appointment is at eleven, the day after the clocks have changed."""

    def moment(text: str) -> datetime:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS).astimezone(UTC)

    found = is_reminder_due(
        starts_at=moment("2026-10-26 11:00"), settled_at=moment(settled), now=moment(now), zone=PARIS
    )
    assert found is due
