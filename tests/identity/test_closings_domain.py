"""Closings of accounts as a rate: a burst rings, a trickle never does."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.identity.domain.closings import Closings, count_closing

NOON = datetime(2026, 10, 21, 12, 0, tzinfo=UTC)
WINDOW, PAUSE, MOST = timedelta(minutes=10), timedelta(minutes=30), 20


def closed(gaps: list[timedelta]) -> tuple[Closings, list[bool]]:
    held, now, rang = Closings(), NOON, []
    for gap in gaps:
        now += gap
        held, begins = count_closing(held, most=MOST, window=WINDOW, pause=PAUSE, now=now)
        rang.append(begins)
    return held, rang


def test_a_burst_rings_once_and_lasts_while_it_goes_on() -> None:
    held, rang = closed([timedelta(seconds=1)] * 60)
    assert rang.count(True) == 1
    assert rang.index(True) in (MOST - 1, MOST)
    assert held.alarm_until == NOON + timedelta(seconds=60) + PAUSE


def test_a_new_burst_after_the_alarm_rings_again() -> None:
    burst = [timedelta(0)] * MOST
    _, rang = closed([*burst, PAUSE + WINDOW, *burst])
    assert rang.count(True) == 2


@given(count=st.integers(1, 300), slower=st.timedeltas(timedelta(0), timedelta(minutes=5)))
def test_a_trickle_never_rings_however_long_it_lasts(count: int, slower: timedelta) -> None:
    _, rang = closed([WINDOW / MOST + slower] * count)
    assert not any(rang)


@given(gaps=st.lists(st.timedeltas(timedelta(0), timedelta(minutes=2)), min_size=1, max_size=80))
def test_fewer_closings_than_the_limit_never_ring(gaps: list[timedelta]) -> None:
    held, rang = closed(gaps)
    assert 1 <= held.level <= MOST
    assert not any(rang[: MOST - 1])
    assert held.at is not None
    assert held.at <= NOON + sum(gaps, timedelta(0))
