"""Sums, dates, phones and lengths of time as people read them."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.kernel import formatting

NARROW, NO_BREAK, MINUS = "\u202f", "\u00a0", "\u2212"


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        ("0", f"0,00{NO_BREAK}€", "€0.00"),
        ("59.2", f"59,20{NO_BREAK}€", "€59.20"),
        ("1234.56", f"1{NARROW}234,56{NO_BREAK}€", "€1,234.56"),
        ("1234567.89", f"1{NARROW}234{NARROW}567,89{NO_BREAK}€", "€1,234,567.89"),
        ("-12.5", f"{MINUS}12,50{NO_BREAK}€", f"{MINUS}€12.50"),
        ("-0.001", f"0,00{NO_BREAK}€", "€0.00"),
        ("0.005", f"0,01{NO_BREAK}€", "€0.01"),
    ],
)
def test_a_sum_is_written_for_its_reader(amount: str, french: str, english: str) -> None:
    assert formatting.euros(Decimal(amount), "fr") == french
    assert formatting.euros(Decimal(amount), "en") == english


@pytest.mark.parametrize("amount", [12.5, 12, "12.50"])
def test_only_a_decimal_is_a_sum(amount: object) -> None:
    with pytest.raises(TypeError, match="a sum is Money or a Decimal"):
        formatting.euros(amount, "fr")  # type: ignore[arg-type]  # the refusal is what is tested


@given(st.decimals(min_value=Decimal("-1e9"), max_value=Decimal("1e9"), places=2))
def test_a_written_sum_reads_back_as_itself(amount: Decimal) -> None:
    written = formatting.euros(amount, "fr")
    bare = written.removesuffix(f"{NO_BREAK}€").replace(NARROW, "").replace(MINUS, "-").replace(",", ".")
    assert Decimal(bare) == amount


def test_the_first_of_a_month_is_ordinal_in_french_only() -> None:
    assert formatting.date_long(date(2026, 5, 1), "fr") == f"1er{NO_BREAK}mai 2026"
    assert formatting.date_long(date(2026, 5, 1), "en") == f"1{NO_BREAK}May 2026"
    assert formatting.date_long(date(2026, 10, 21), "fr") == f"21{NO_BREAK}octobre 2026"


def test_hours_are_written_as_in_france() -> None:
    assert formatting.time_short(time(8, 5), "fr") == f"8{NO_BREAK}h{NO_BREAK}05"
    assert formatting.time_short(time(8, 5), "en") == "08:05"


@pytest.mark.parametrize(
    "written", ["+33639981234", "0639981234", "06 39 98 12 34", "06.39.98.12.34", "0033639981234"]
)
def test_a_french_phone_is_written_in_pairs(written: str) -> None:
    assert formatting.phone(written) == NO_BREAK.join(["06", "39", "98", "12", "34"])
    assert formatting.phone_address(written) == "+33639981234"


@pytest.mark.parametrize("written", ["", "+32 2 555 12 12", "3620", "06 39 98 12", "06 39 98 12 345"])
def test_any_other_number_is_left_as_it_is(written: str) -> None:
    assert formatting.phone(written) == written


@pytest.mark.parametrize(
    ("length", "units"),
    [
        (timedelta(0), [(0, "second")]),
        (timedelta(seconds=59, microseconds=1), [(1, "minute")]),
        (timedelta(seconds=90), [(1, "minute"), (30, "second")]),
        (timedelta(minutes=5), [(5, "minute")]),
        (timedelta(hours=24), [(24, "hour")]),
        (timedelta(days=2), [(2, "day")]),
        (timedelta(days=2, hours=3, minutes=4), [(2, "day"), (3, "hour")]),
    ],
)
def test_a_length_of_time_is_said_in_its_two_largest_units(
    length: timedelta, units: list[tuple[int, str]]
) -> None:
    assert formatting.duration_units(length) == units


def test_a_negative_length_of_time_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        formatting.duration_units(timedelta(seconds=-1))


def test_an_identifier_is_grouped_only_when_it_is_digits() -> None:
    assert formatting.grouped("1043992017") == f"1043{NARROW}9920{NARROW}17"
    assert formatting.grouped("odile@example.org") == "odile@example.org"


def test_a_number_keeps_its_decimals() -> None:
    assert formatting.decimal_number(Decimal("1234.50"), "fr") == f"1{NARROW}234,50"
    assert formatting.decimal_number(Decimal("-3.4"), "en") == f"{MINUS}3.4"
