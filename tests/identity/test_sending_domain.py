"""How often a code may leave, as pure arithmetic."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.identity.domain.sending import wait_before_sending

NOON = datetime(2026, 10, 21, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Rules:
    cool_down: timedelta = timedelta(seconds=30)
    per_hour: int = 5
    per_day: int = 10


any_rules = st.builds(
    Rules,
    cool_down=st.timedeltas(timedelta(seconds=10), HOUR),
    per_hour=st.integers(1, 20),
    per_day=st.integers(1, 40),
)
asked = st.lists(st.timedeltas(timedelta(0), timedelta(hours=2)), min_size=1, max_size=80)


def sent_when_asked(rules: Rules, gaps: list[timedelta], *, unused: bool = True) -> list[datetime]:
    """Someone asks again and again; the moments at which a code left."""
    now, sent = NOON, list[datetime]()
    for gap in gaps:
        now += gap
        if wait_before_sending(sent, unused=unused, rules=rules, now=now) is None:
            sent.append(now)
    return sent


def test_the_first_code_leaves_at_once() -> None:
    assert wait_before_sending([], unused=True, rules=Rules(), now=NOON) is None


def test_the_next_one_waits_for_the_cool_down_to_end() -> None:
    ten_seconds_later = NOON + timedelta(seconds=10)
    assert wait_before_sending([NOON], unused=True, rules=Rules(), now=ten_seconds_later) == timedelta(
        seconds=20
    )
    assert wait_before_sending([NOON], unused=True, rules=Rules(), now=NOON + timedelta(seconds=30)) is None


def test_the_hours_limit_waits_for_the_oldest_of_the_hour() -> None:
    sent = [NOON + timedelta(minutes=minute) for minute in range(5)]
    assert wait_before_sending(
        sent, unused=True, rules=Rules(), now=NOON + timedelta(minutes=20)
    ) == timedelta(minutes=40)


def test_the_longest_of_the_waits_holds() -> None:
    sent = [NOON + HOUR * number for number in range(10)]
    assert wait_before_sending(sent, unused=True, rules=Rules(), now=sent[-1]) == timedelta(hours=15)


def test_who_has_used_the_last_code_waits_for_the_limits_only() -> None:
    assert wait_before_sending([NOON], unused=False, rules=Rules(), now=NOON) is None
    five = [NOON] * 5
    assert wait_before_sending(five, unused=False, rules=Rules(), now=NOON) == HOUR


@given(rules=any_rules, gaps=asked, unused=st.booleans())
def test_no_hour_nor_day_sees_more_codes_than_its_limit(
    rules: Rules, gaps: list[timedelta], unused: bool
) -> None:
    sent = sent_when_asked(rules, gaps, unused=unused)
    for moment in sent:
        assert len([each for each in sent if moment <= each < moment + HOUR]) <= rules.per_hour
        assert len([each for each in sent if moment <= each < moment + DAY]) <= rules.per_day


@given(rules=any_rules, gaps=asked)
def test_two_codes_are_never_nearer_than_the_cool_down(rules: Rules, gaps: list[timedelta]) -> None:
    sent = sent_when_asked(rules, gaps)
    assert all(second - first >= rules.cool_down for first, second in pairwise(sent))


@given(rules=any_rules, gaps=asked, later=st.timedeltas(timedelta(0), timedelta(hours=30)))
def test_whoever_waits_as_long_as_was_said_gets_a_code_and_not_before(
    rules: Rules, gaps: list[timedelta], later: timedelta
) -> None:
    sent = sent_when_asked(rules, gaps)
    now = sent[-1] + later
    wait = wait_before_sending(sent, unused=True, rules=rules, now=now)
    if wait is not None:
        assert wait_before_sending(sent, unused=True, rules=rules, now=now + wait) is None
        just_before = now + wait - timedelta(microseconds=1)
        assert wait_before_sending(sent, unused=True, rules=rules, now=just_before) is not None
