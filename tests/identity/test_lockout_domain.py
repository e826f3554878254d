"""The counter of failed tries, as pure arithmetic: no clock, no database."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.identity.domain.lockout import Count, Verdict, count_try

NOON = datetime(2026, 10, 21, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Rules:
    """Five failures, then a quarter of an hour; twenty a day."""

    max_failures: int = 5
    wait: timedelta | None = timedelta(minutes=15)
    until_agency: bool = False
    daily_total: int = 20
    forget_after: timedelta = timedelta(hours=24)
    wait_growth: int = 1
    longest_wait: timedelta = timedelta(hours=4)


FOR_A_WHILE = Rules()
UNTIL_AGENCY = Rules(wait=None, until_agency=True)
MEMBER_SPACE = Rules(max_failures=3, wait=timedelta(minutes=1), daily_total=9)

# What the policy's checks let through.
rules_with_a_wait = st.builds(
    Rules,
    max_failures=st.integers(1, 8),
    wait=st.timedeltas(timedelta(seconds=10), timedelta(days=1)),
    daily_total=st.integers(8, 30),
    forget_after=st.timedeltas(timedelta(days=1), timedelta(days=30)),
)
gaps = st.lists(st.timedeltas(timedelta(0), timedelta(hours=3)), min_size=1, max_size=60)


def wrong_tries(
    rules: Rules, moments: list[datetime], count: Count | None = None
) -> tuple[Count, list[Verdict]]:
    """What the counter holds, and what it said, after a wrong try at each moment."""
    now_held, verdicts = count or Count(), []
    for moment in moments:
        now_held, verdict = count_try(now_held, rules=rules, now=moment)
        verdicts.append(verdict)
    return now_held, verdicts


def every(step: timedelta, times: int, start: datetime = NOON) -> list[datetime]:
    return [start + step * number for number in range(times)]


def moments_of(gaps: list[timedelta]) -> list[datetime]:
    now, moments = NOON, []
    for gap in gaps:
        now += gap
        moments.append(now)
    return moments


@pytest.mark.parametrize(("rules", "tries_left"), [(FOR_A_WHILE, [4, 3, 2, 1, 0]), (MEMBER_SPACE, [2, 1, 0])])
def test_the_tries_left_go_down_to_nothing(rules: Rules, tries_left: list[int]) -> None:
    _, verdicts = wrong_tries(rules, every(SECOND, rules.max_failures))
    assert [verdict.tries_left for verdict in verdicts] == tries_left
    assert all(verdict.open for verdict in verdicts)


def test_the_try_that_reaches_the_limit_is_looked_at_and_the_next_one_is_not() -> None:
    _, verdicts = wrong_tries(FOR_A_WHILE, every(SECOND, 6))
    assert [verdict.open for verdict in verdicts] == [True] * 5 + [False]
    assert verdicts[4].wait == timedelta(minutes=15)
    assert verdicts[5].wait == timedelta(minutes=15) - SECOND


def test_after_the_wait_as_many_tries_are_open_again() -> None:
    held, _ = wrong_tries(FOR_A_WHILE, every(SECOND, 5))
    assert held.locked_until is not None
    held, verdicts = wrong_tries(FOR_A_WHILE, every(SECOND, 6, start=held.locked_until), held)
    assert [verdict.open for verdict in verdicts] == [True] * 5 + [False]


def test_one_instant_before_the_end_of_the_wait_it_is_still_closed() -> None:
    held, _ = wrong_tries(FOR_A_WHILE, every(SECOND, 5))
    assert held.locked_until is not None
    just_before = held.locked_until - timedelta(microseconds=1)
    assert not count_try(held, rules=FOR_A_WHILE, now=just_before)[1].open


def test_until_the_agency_opens_no_time_opens() -> None:
    held, verdicts = wrong_tries(UNTIL_AGENCY, every(SECOND, 5))
    assert [verdict.agency_only for verdict in verdicts] == [False] * 4 + [True]
    later, verdict = count_try(held, rules=UNTIL_AGENCY, now=NOON + timedelta(days=3650))
    assert verdict == Verdict(open=False, agency_only=True)
    assert later == held


def test_failures_are_forgotten_after_a_time_without_tries() -> None:
    held, _ = wrong_tries(FOR_A_WHILE, every(SECOND, 4))
    assert held.last_at is not None
    held, verdict = count_try(held, rules=FOR_A_WHILE, now=held.last_at + FOR_A_WHILE.forget_after)
    assert (held.failures, verdict.tries_left) == (1, 4)


def test_failures_far_apart_but_within_that_time_still_add_up() -> None:
    _, verdicts = wrong_tries(FOR_A_WHILE, every(timedelta(hours=23), 5))
    assert verdicts[-1].wait == FOR_A_WHILE.wait


def test_a_patient_guesser_is_stopped_by_the_total_of_the_day() -> None:
    """Three tries a minute for ever would be 4 320 a day: the day's total comes first."""
    _, verdicts = wrong_tries(MEMBER_SPACE, every(timedelta(minutes=2), 600, start=NOON.replace(hour=0)))
    assert sum(verdict.open for verdict in verdicts) == MEMBER_SPACE.daily_total
    assert verdicts[-1].agency_only


def test_the_total_starts_again_the_next_day() -> None:
    held, _ = wrong_tries(FOR_A_WHILE, every(timedelta(minutes=10), 15))
    held, verdict = count_try(held, rules=FOR_A_WHILE, now=NOON + timedelta(days=1))
    assert (verdict.open, held.day_total) == (True, 1)


@given(rules=rules_with_a_wait, gaps=gaps)
def test_no_day_sees_more_tries_than_its_total(rules: Rules, gaps: list[timedelta]) -> None:
    moments = moments_of(gaps)
    _, verdicts = wrong_tries(rules, moments)
    a_day = Counter(moment.date() for moment, verdict in zip(moments, verdicts, strict=True) if verdict.open)
    assert max(a_day.values()) <= rules.daily_total


@given(rules=rules_with_a_wait, gaps=gaps)
def test_no_more_tries_than_the_limit_are_looked_at_within_one_wait(
    rules: Rules, gaps: list[timedelta]
) -> None:
    assert rules.wait is not None
    moments = moments_of(gaps)
    _, verdicts = wrong_tries(rules, moments)
    open_at = [moment for moment, verdict in zip(moments, verdicts, strict=True) if verdict.open]
    for first in open_at:
        assert (
            len([moment for moment in open_at if first <= moment < first + rules.wait]) <= rules.max_failures
        )


@given(
    rules=rules_with_a_wait,
    left=st.timedeltas(timedelta(microseconds=1), timedelta(seconds=10)),
    tries=st.integers(1, 5),
)
def test_a_try_while_closed_changes_nothing(rules: Rules, left: timedelta, tries: int) -> None:
    assert rules.wait is not None
    held, verdicts = wrong_tries(rules, [NOON] * rules.max_failures)
    after, more = wrong_tries(rules, [NOON + rules.wait - left] * tries, held)
    assert after == held
    assert all(not verdict.open and verdict.tries_left == 0 for verdict in more)
    assert verdicts[-1].wait == rules.wait or verdicts[-1].agency_only


@given(rules=rules_with_a_wait, tries=st.integers(1, 40))
def test_of_many_tries_at_once_no_more_are_looked_at_than_the_limit(rules: Rules, tries: int) -> None:
    _, verdicts = wrong_tries(rules, [NOON] * tries)
    assert sum(verdict.open for verdict in verdicts) == min(tries, rules.max_failures, rules.daily_total)


def test_one_failure_allowed_closes_at_once() -> None:
    _, verdicts = wrong_tries(replace(FOR_A_WHILE, max_failures=1), every(SECOND, 2))
    assert [verdict.open for verdict in verdicts] == [True, False]
