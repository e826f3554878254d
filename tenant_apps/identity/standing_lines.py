"""What the counter reads of a client's way in, line by line; each part of identity registers its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from tenant_apps.identity.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """What it is about, and how it stands; nothing that opens anything."""

    label: str | Promise
    words: str | Promise


Told = Callable[[User, datetime], Line | None]
_registered: dict[int, Told] = {}


def register_line(*, position: int, told: Told) -> None:
    """Once, when the application is ready. `told` answers None when it has nothing to say of that person."""
    if position in _registered:
        raise RuntimeError(f"there is a line at {position} already")
    _registered[position] = told


def lines_of(*, user: User, now: datetime) -> list[Line]:
    """In the order of their positions."""
    told = (_registered[position](user, now) for position in sorted(_registered))
    return [line for line in told if line is not None]
