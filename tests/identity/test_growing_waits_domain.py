"""Waits that grow with each lock in a row, as pure arithmetic."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.identity.domain.lockout import Count, count_try, wait_after

NOON = datetime(2026, 10, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Rules:
    """Three failures, then a minute, two, four, eight, never more than ten."""

    max_failures: int = 3
    wait: timedelta | None = MINUTE
    wait_growth: int = 2
    longest_wait: timedelta = timedelta(minutes=10)
    until_agency: bool = False
    daily_total: int = 1000
    forget_after: timedelta = timedelta(hours=24)


def locks_in_a_row(rules: Rules, times: int, *, pause: timedelta = timedelta(0)) -> list[timedelta]:
    """Each wait that follows, when somebody goes on failing `pause` after it is over."""
    count, now, waits = Count(), NOON, []
    for _ in range(times):
        verdicts = []
        for _ in range(rules.max_failures):
            count, verdict = count_try(count, rules=rules, now=now)
            verdicts.append(verdict)
        assert all(verdict.open for verdict in verdicts)
        wait = verdicts[-1].wait
        assert wait is not None
        waits.append(wait)
        now += wait + pause
    return waits


def test_each_lock_in_a_row_doubles_the_wait_up_to_its_ceiling() -> None:
    assert locks_in_a_row(Rules(), 6) == [MINUTE * each for each in (1, 2, 4, 8, 10, 10)]


def test_without_growth_each_wait_is_as_long_as_the_first() -> None:
    assert locks_in_a_row(Rules(wait_growth=1), 4) == [MINUTE] * 4


def test_the_first_wait_is_kept_where_the_ceiling_is_lower() -> None:
    assert locks_in_a_row(Rules(longest_wait=timedelta(seconds=10)), 3) == [MINUTE] * 3


def test_the_wait_is_told_before_the_lock_that_brings_it() -> None:
    count, now = Count(), NOON
    for expected in (MINUTE, 2 * MINUTE):
        for _ in range(3):
            count, verdict = count_try(count, rules=Rules(), now=now)
            assert verdict.next_wait == expected
        now += expected


def test_a_long_silence_forgets_the_locks_and_a_wait_is_no_silence() -> None:
    day = timedelta(hours=24)
    assert locks_in_a_row(Rules(), 3, pause=day) == [MINUTE] * 3
    assert locks_in_a_row(Rules(), 3, pause=day - MINUTE) == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    long = Rules(wait=timedelta(hours=20), longest_wait=timedelta(days=2))
    assert locks_in_a_row(long, 2, pause=timedelta(hours=5))[1] == timedelta(hours=40)


@given(
    first=st.timedeltas(timedelta(seconds=10), timedelta(days=1)),
    growth=st.integers(1, 10),
    longest=st.timedeltas(timedelta(seconds=10), timedelta(days=1)),
    locks=st.integers(0, 10_000),
)
def test_a_wait_never_shrinks_never_passes_its_ceiling_and_always_is_a_time(
    first: timedelta, growth: int, longest: timedelta, locks: int
) -> None:
    wait = wait_after(locks, first=first, growth=growth, longest=longest)
    after = wait_after(locks + 1, first=first, growth=growth, longest=longest)
    assert first <= wait <= after <= max(first, longest)
    assert after == min(wait * growth, max(first, longest))


@given(
    locks=st.integers(0, 8), tries=st.integers(1, 5), left=st.timedeltas(timedelta(microseconds=1), MINUTE)
)
def test_failures_while_closed_neither_lengthen_the_wait_nor_count_as_locks(
    locks: int, tries: int, left: timedelta
) -> None:
    held = Count(failures=3, last_at=NOON - MINUTE, locked_until=NOON + left, locks=locks)
    for _ in range(tries):
        after, verdict = count_try(held, rules=Rules(), now=NOON)
        assert after == held
        assert (verdict.open, verdict.wait) == (False, left)


@pytest.mark.parametrize("growth", [1, 2, 3])
def test_a_day_of_guessing_is_bounded_by_the_growth(growth: int) -> None:
    rules = Rules(wait_growth=growth, longest_wait=timedelta(hours=4))
    waits = locks_in_a_row(rules, 12)
    begun = [sum(waits[:lock], timedelta(0)) for lock in range(len(waits))]
    assert sum(moment < timedelta(hours=4) for moment in begun) == {1: 12, 2: 8, 3: 6}[growth]
