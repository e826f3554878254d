"""Durations as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.policy.durations import read_duration, write_duration


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30 s", 30),
        ("5 min", 300),
        ("5min", 300),
        ("24 h", 86_400),
        ("1 jour", 86_400),
        ("2 jours", 172_800),
        ("2 days", 172_800),
    ],
)
def test_a_duration_reads_as_it_is_said(written: str, seconds: int) -> None:
    assert read_duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "written",
    ["", "5", "min", "5 m", "-5 min", "0 s", "5.5 min", "5 MIN", "\u0665 min", "99999 jours", "5 min 30 s"],
)
def test_what_is_not_a_duration_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"duration|ten years"):
        read_duration(written)


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(30, "30 s"), (90, "90 s"), (300, "5 min"), (86_400, "24 h"), (129_600, "36 h"), (172_800, "2 jours")],
)
def test_a_duration_is_written_in_the_unit_that_divides_it(seconds: int, written: str) -> None:
    assert write_duration(timedelta(seconds=seconds)) == written


@given(st.integers(1, 3660 * 86_400))
def test_what_is_written_reads_back(seconds: int) -> None:
    if len(write_duration(timedelta(seconds=seconds)).split()[0]) <= 7:
        assert read_duration(write_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)
