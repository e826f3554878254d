"""Months, half-months and days between two dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.pawn.domain.tariffs.months import add_months, days, started_half_months, started_months

starts = st.dates(min_value=date(2023, 1, 1), max_value=date(2028, 12, 31))
JANUARY_31 = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("months", "day"),
    [
        (0, date(2026, 1, 31)),
        (1, date(2026, 2, 28)),
        (2, date(2026, 3, 31)),
        (12, date(2027, 1, 31)),
        (25, date(2028, 2, 29)),
    ],
)
def test_a_month_too_short_ends_on_its_last_day(months: int, day: date) -> None:
    assert add_months(JANUARY_31, months) == day


@pytest.mark.parametrize(
    ("end", "months", "halves"),
    [
        (date(2026, 1, 14), 0, 0),
        (date(2026, 1, 15), 0, 0),
        (date(2026, 1, 16), 1, 1),
        (date(2026, 1, 30), 1, 1),
        (date(2026, 1, 31), 1, 2),
        (date(2026, 2, 15), 1, 2),
        (date(2026, 2, 16), 2, 3),
        (date(2026, 7, 15), 6, 12),
    ],
)
def test_the_day_of_payment_counts_and_the_day_of_the_loan_does_not(
    end: date, months: int, halves: int
) -> None:
    start = date(2026, 1, 15)
    assert (started_months(start, end), started_half_months(start, end)) == (months, halves)
    assert days(start, end) == max((end - start).days, 0)


@given(start=starts, months=st.integers(min_value=1, max_value=30))
def test_whole_months_are_as_many_periods_whatever_the_day(start: date, months: int) -> None:
    end = add_months(start, months)
    assert started_months(start, end) == months
    assert started_months(start, end + timedelta(days=1)) == months + 1
    assert started_half_months(start, end) == 2 * months


@given(start=starts, first=st.integers(0, 900), more=st.integers(0, 200))
def test_periods_never_fall_as_days_pass(start: date, first: int, more: int) -> None:
    one, two = start + timedelta(days=first), start + timedelta(days=first + more)
    assert started_months(start, one) <= started_months(start, two)
    assert started_half_months(start, one) <= started_half_months(start, two)
