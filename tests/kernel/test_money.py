"""Sums in euros."""

from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.kernel.formatting import euros
from guichet.kernel.money import ZERO, Money, NotMoneyError, total

cents = st.integers(min_value=-(10**12), max_value=10**12)


@given(cents)
def test_a_sum_comes_back_from_its_writing(number: int) -> None:
    assert Money.of(str(Money(number))) == Money(number)


@given(cents, cents, st.integers(min_value=-1000, max_value=1000))
def test_sums_are_exact(one: int, other: int, times: int) -> None:
    assert (Money(one) + Money(other) - Money(one)).cents == other
    assert (times * Money(one)).cents == times * one
    assert total([Money(one), Money(other), -Money(other)]) == Money(one)


def test_no_sum_at_all_is_nothing() -> None:
    assert total([]) == ZERO
    assert not ZERO
    assert str(ZERO) == "0.00"


@pytest.mark.parametrize("refused", ["12.345", "NaN", "Infinity", "-Infinity", "douze", ""])
def test_what_is_no_sum_of_whole_cents_is_refused(refused: str) -> None:
    with pytest.raises(NotMoneyError):
        Money.of(refused)


@pytest.mark.parametrize("given_", [1.5, True, None])
def test_a_float_is_no_sum(given_: object) -> None:
    with pytest.raises(TypeError):
        Money.of(given_)  # type: ignore[arg-type]  # what a slip would hand over
    with pytest.raises(TypeError):
        Money(given_)  # type: ignore[arg-type]  # what a slip would hand over


def test_a_sum_and_a_number_do_not_add_up() -> None:
    with pytest.raises(AttributeError):
        Money(1) + 1  # type: ignore[operator]  # what a slip would write
    with pytest.raises(TypeError):
        Money(100) * Decimal("0.5")  # type: ignore[operator]  # a share is computed in Decimal, and rounded once


def test_a_fraction_of_a_cent_is_rounded_as_asked() -> None:
    assert Money.rounded(Decimal("8.205")) == Money(821)
    assert Money.rounded(Decimal("8.205"), rounding=ROUND_HALF_EVEN) == Money(820)
    assert Money.rounded(Decimal("8.2001"), rounding=ROUND_UP) == Money(821)


def test_it_is_written_like_any_sum() -> None:
    assert euros(Money(-123456), "fr") == "−1\u202f234,56\u00a0€"
