"""The scrambled keypad: where each digit stands for one display of it."""

from collections.abc import Sequence
from random import Random

DIGITS = "0123456789"
KEYS = len(DIGITS)
ROW = 5


class PositionsRefusedError(ValueError):
    """What was posted is not a list of positions of this keypad."""


def scrambled(random: Random) -> str:
    """The ten digits in the order of their positions. `random` must be unpredictable: `secrets.SystemRandom()`."""
    return "".join(random.sample(DIGITS, KEYS))


def digits_at(positions: str, *, layout: str, most: int) -> str:
    """The digits that stand at the positions, such as « 3,0,7 ». Raises PositionsRefusedError."""
    pressed = positions.split(",") if positions else []
    if len(pressed) > most or not all(key in DIGITS and len(key) == 1 for key in pressed):
        raise PositionsRefusedError
    return "".join(layout[int(key)] for key in pressed)


def rows_of(layout: str) -> Sequence[str]:
    """Two rows of five."""
    return [layout[start : start + ROW] for start in range(0, KEYS, ROW)]
