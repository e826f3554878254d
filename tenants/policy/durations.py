"""Durations as people write them in a caisse file: `30 s`, `5 min`, `24 h`, `2 jours`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from tenants.policy.sections.base import NONE

_WRITTEN = re.compile(r"([1-9][0-9]{0,6}) ?(s|min|h|jours?|days?)", re.ASCII)
_SECONDS = {"s": 1, "min": 60, "h": 3600, "jour": 86_400, "jours": 86_400, "day": 86_400, "days": 86_400}
_HOUR, _TWO_DAYS = 3600, 172_800
_LONGEST = timedelta(days=3660)

PATTERN = f"^{_WRITTEN.pattern}$"
EXAMPLES = ["30 s", "5 min", "24 h", "2 jours"]


def read_duration(written: str) -> timedelta:
    """Whole seconds, from one second to ten years. Raises ValueError."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"not a duration: {written!r}")
    duration = timedelta(seconds=int(found[1]) * _SECONDS[found[2]])
    if duration > _LONGEST:
        raise ValueError(f"longer than ten years: {written!r}")
    return duration


def write_duration(duration: timedelta) -> str:
    """In the largest unit that divides it; up to a day and a half stays in hours, as `24 h`."""
    seconds = int(duration.total_seconds())
    if seconds >= _TWO_DAYS and seconds % 86_400 == 0:
        return f"{seconds // 86_400} jours"
    for unit, size in (("h", _HOUR), ("min", 60)):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _read(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    try:
        return read_duration(value)
    except (ValueError, AttributeError):
        raise PydanticCustomError(
            "duration", "une durée s’écrit « 30 s », « 5 min », « 24 h » ou « 2 jours »"
        ) from None


def _read_or_none(value: Any) -> Any:
    return None if value is None or value == NONE else _read(value)


def _write_or_none(value: timedelta | None) -> str:
    return NONE if value is None else write_duration(value)


def between(least: str, most: str) -> AfterValidator:
    """Bounds as people write them, for `Annotated[Duration, between("30 s", "1 h")]`; None passes."""
    shortest, longest = read_duration(least), read_duration(most)

    def check(duration: timedelta | None) -> timedelta | None:
        if duration is not None and not shortest <= duration <= longest:
            raise PydanticCustomError("duration", "de {least} à {most}", {"least": least, "most": most})
        return duration

    return AfterValidator(check)


_SCHEMA = {"type": "string", "pattern": PATTERN, "examples": EXAMPLES}

Duration = Annotated[
    timedelta,
    BeforeValidator(_read),
    PlainSerializer(write_duration, return_type=str),
    WithJsonSchema(_SCHEMA),
]
"""A `timedelta` in Python, text in TOML and JSON."""

OptionalDuration = Annotated[
    timedelta | None,
    BeforeValidator(_read_or_none),
    PlainSerializer(_write_or_none, return_type=str),
    WithJsonSchema({"anyOf": [_SCHEMA, {"const": NONE}]}),
]
"""A `timedelta`, or None, which is written "none": TOML has no word for it."""
