from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.identity.domain.keypad import DIGITS, PositionsRefusedError, digits_at, rows_of, scrambled

LAYOUT = "3814920657"


def test_each_digit_stands_once_on_the_keypad() -> None:
    for seed in range(50):
        assert sorted(scrambled(Random(seed))) == sorted(DIGITS)  # noqa: S311  # repeatable on purpose


def test_no_two_displays_are_bound_to_be_alike() -> None:
    assert len({scrambled(Random(seed)) for seed in range(100)}) > 90  # noqa: S311  # repeatable on purpose


def test_there_are_two_rows_of_five() -> None:
    assert rows_of(LAYOUT) == ["38149", "20657"]


@given(pin=st.text(alphabet=DIGITS, max_size=12), seed=st.integers(min_value=0, max_value=1000))
def test_what_is_pressed_is_what_was_meant(pin: str, seed: int) -> None:
    layout = scrambled(Random(seed))  # noqa: S311  # repeatable on purpose
    pressed = ",".join(str(layout.index(digit)) for digit in pin)
    assert digits_at(pressed, layout=layout, most=12) == pin


@pytest.mark.parametrize(
    "positions", ["a", "10", "-1", "1,,2", "1, 2", "1,2,", "٣", "1;2", "\x00", ",".join("0" * 25), "3" * 300]
)
def test_anything_else_than_positions_is_refused(positions: str) -> None:
    with pytest.raises(PositionsRefusedError):
        digits_at(positions, layout=LAYOUT, most=24)
