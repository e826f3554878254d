"""PINs that anybody would try first."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

Weakness = Literal["alike", "run", "repeat", "birth"]

_UP, _DOWN = "0123456789" * 2, "9876543210" * 2
_DATES = ("%d%m%y", "%y%m%d", "%m%d%y", "%d%m%Y", "%Y%m%d", "%m%Y", "%Y%m", "%d%m", "%m%d", "%Y")


def weakness(pin: str, *, birth_date: date | None) -> Weakness | None:
    """Why this PIN is refused: all digits alike, a run, a part said again, or a date of birth."""
    if len(set(pin)) == 1:
        return "alike"
    if _is_run(pin):
        return "run"
    if any(pin == part * (len(pin) // len(part)) for part in _parts(pin)):
        return "repeat"
    if birth_date is not None and pin in set(_written(birth_date, length=len(pin))):
        return "birth"
    return None


def _is_run(pin: str) -> bool:
    """123456, 987654; 0 follows 9 as it does on a keypad."""
    return pin in _UP or pin in _DOWN


def _parts(pin: str) -> Iterator[str]:
    return (pin[:length] for length in range(2, len(pin) // 2 + 1) if len(pin) % length == 0)


def _written(day: date, *, length: int) -> Iterator[str]:
    """The ways to write the day; one of half the length may be said twice."""
    for form in _DATES:
        text = day.strftime(form)
        yield text * 2 if len(text) * 2 == length else text
