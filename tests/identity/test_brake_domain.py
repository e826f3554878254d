"""The brake on an address: what a day of it does to those who share one, and to who guesses from one."""

import tomllib
from datetime import UTC, datetime, timedelta
from itertools import count as numbers
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.identity.domain.brake import Brake, count_at_address, is_suspicious
from tenant_apps.identity.domain.lockout import Count, Verdict
from tenants.policy.inheritance import PLATFORM_FILE
from tenants.policy.sections.lockout import LockoutSection

MIDNIGHT = datetime(2026, 10, 21, tzinfo=UTC)
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
PLATFORM = LockoutSection.model_validate(tomllib.loads(PLATFORM_FILE.read_text(encoding="utf-8"))["lockout"])
BRAKE = Brake(
    most=PLATFORM.address_max_failures,
    forget_after=PLATFORM.address_forget_after,
    wait=PLATFORM.address_window,
)
brakes = st.builds(
    Brake,
    most=st.integers(1, 40),
    forget_after=st.timedeltas(timedelta(minutes=1), timedelta(days=2)),
    wait=st.timedeltas(timedelta(seconds=10), timedelta(days=1)),
)
gaps = st.lists(st.timedeltas(timedelta(0), timedelta(hours=3)), min_size=1, max_size=80)


def wrong_tries(
    moments: list[datetime], *, brake: Brake = BRAKE, held: Count | None = None
) -> tuple[Count, list[Verdict]]:
    held, verdicts = held or Count(), []
    for moment in moments:
        held, verdict = count_at_address(held, brake=brake, now=moment)
        verdicts.append(verdict)
    return held, verdicts


def moments_of(gaps: list[timedelta]) -> list[datetime]:
    now, moments = MIDNIGHT, []
    for gap in gaps:
        now += gap
        moments.append(now)
    return moments


def refused_in_a_day(mistypes: list[datetime]) -> float:
    """The share of the day that a shared address is refused, looked at every ten seconds."""
    held, shut, due = Count(), 0, iter([*mistypes, MIDNIGHT + 2 * DAY])
    following = next(due)
    for step in range(DAY // (10 * SECOND)):
        now = MIDNIGHT + step * 10 * SECOND
        while following <= now:
            held, _ = count_at_address(held, brake=BRAKE, now=following)
            following = next(due)
        shut += not count_at_address(held, brake=BRAKE, now=now)[1].open
    return shut / (DAY // (10 * SECOND))


def guessed_in_a_day(*, burst: int, pause: timedelta) -> int:
    """How many tries are looked at, of one a second in bursts with pauses between them; one braked waits it out."""
    held, now, seen = Count(), MIDNIGHT, 0
    for number in numbers(1):
        if now >= MIDNIGHT + DAY:
            return seen
        held, verdict = count_at_address(held, brake=BRAKE, now=now)
        seen += verdict.open
        now += max(SECOND if number % burst else pause, verdict.wait or timedelta(0))
    raise AssertionError("no end of the day")


def test_a_shared_address_with_a_mistype_every_three_minutes_is_never_refused() -> None:
    assert refused_in_a_day([MIDNIGHT + 3 * MINUTE * number for number in range(480)]) == 0


@pytest.mark.parametrize("seed", range(5))
def test_nor_when_as_many_come_by_chance(seed: int) -> None:
    chance = Random(seed)  # noqa: S311  # a day drawn again the same, not a secret
    now, mistypes = MIDNIGHT, []
    while now < MIDNIGHT + DAY:
        now += timedelta(seconds=chance.expovariate(1 / 180))
        mistypes.append(now)
    assert refused_in_a_day(mistypes) == 0
    held, worked = Count(), 0
    for moment in mistypes:
        worked += is_suspicious(held, after=PLATFORM.robots_after, brake=BRAKE, now=moment)
        held, _ = count_at_address(held, brake=BRAKE, now=moment)
    assert worked < len(mistypes) / 100


@pytest.mark.parametrize(
    ("burst", "pause"),
    [(29, 10 * MINUTE), (5, 10 * MINUTE), (1, 2 * MINUTE), (1, SECOND), (29, SECOND), (30, 60 * MINUTE)],
)
def test_however_somebody_guesses_a_day_of_one_address_is_bounded(burst: int, pause: timedelta) -> None:
    """29 tries and ten minutes of silence, all day long, were 4 176 while a silence wiped all away."""
    assert guessed_in_a_day(burst=burst, pause=pause) <= PLATFORM.address_tries_a_day == 750


@given(brake=brakes, gaps=gaps)
def test_in_no_time_are_more_looked_at_than_a_full_one_and_what_leaks(
    brake: Brake, gaps: list[timedelta]
) -> None:
    moments = moments_of(gaps)
    _, verdicts = wrong_tries(moments, brake=brake)
    open_at = [moment for moment, verdict in zip(moments, verdicts, strict=True) if verdict.open]
    for place, first in enumerate(open_at):
        for number, last in enumerate(open_at[place:], start=1):
            assert number <= brake.most + (last - first) // brake.one_leaves_in + 1


@given(brake=brakes, gaps=gaps)
def test_no_try_that_leaks_away_before_the_next_is_ever_refused(brake: Brake, gaps: list[timedelta]) -> None:
    if brake.most == 1:
        return
    slow = [brake.one_leaves_in + gap for gap in gaps]
    _, verdicts = wrong_tries(moments_of(slow), brake=brake)
    assert all(verdict.open for verdict in verdicts)


@given(brake=brakes, tries=st.integers(1, 60))
def test_of_many_at_once_no_more_are_looked_at_than_the_limit(brake: Brake, tries: int) -> None:
    _, verdicts = wrong_tries([MIDNIGHT] * tries, brake=brake)
    assert sum(verdict.open for verdict in verdicts) == min(tries, brake.most)


@given(brake=brakes, left=st.timedeltas(timedelta(microseconds=1), timedelta(seconds=10)))
def test_a_try_while_braked_changes_nothing_and_one_is_open_when_it_ends(
    brake: Brake, left: timedelta
) -> None:
    held, _ = wrong_tries([MIDNIGHT] * brake.most, brake=brake)
    assert held.locked_until is not None
    after, verdicts = wrong_tries([held.locked_until - left], brake=brake, held=held)
    assert (after, verdicts) == (held, [Verdict(open=False, wait=left)])
    assert count_at_address(held, brake=brake, now=held.locked_until)[1].open


def test_twenty_at_once_are_twenty_and_leave_one_by_one() -> None:
    held, _ = wrong_tries([MIDNIGHT] * 20)
    assert held.failures == 20
    for number in range(1, 20):
        now = MIDNIGHT + number * BRAKE.one_leaves_in
        left = 20 - number
        assert is_suspicious(held, after=left, brake=BRAKE, now=now)
        assert not is_suspicious(held, after=left + 1, brake=BRAKE, now=now)
        assert is_suspicious(held, after=left + 1, brake=BRAKE, now=now - timedelta(microseconds=1))


def test_a_limit_that_is_lowered_holds_for_what_was_counted_before() -> None:
    held, _ = wrong_tries([MIDNIGHT] * 20)
    lower = Brake(most=5, forget_after=timedelta(minutes=10), wait=timedelta(minutes=10))
    held, verdict = count_at_address(held, brake=lower, now=MIDNIGHT)
    assert (held.failures, verdict.leaves_open) == (5, False)


@given(back=st.timedeltas(timedelta(0), timedelta(seconds=5)))
def test_a_clock_that_is_late_leaks_nothing(back: timedelta) -> None:
    held, _ = wrong_tries([MIDNIGHT] * 3)
    assert count_at_address(held, brake=BRAKE, now=MIDNIGHT - back)[0].failures == 4
