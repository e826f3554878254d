"""The figures of a caisse: each application registers what it can count of its own rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

RECENT = timedelta(days=30)
"""What a figure means by « récemment »."""

Value = int | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A count, or the moment of something that happened; nothing that could tell of one person alone."""

    name: str
    """What a report keeps it under: small letters and _."""
    label: str | Promise
    position: int
    of: Callable[[datetime], Value]
    """Of the current caisse, at that moment."""
    column: str | Promise = ""
    """Its heading in the list of caisses; without one it stands on the page of a caisse only."""


_figures: dict[str, Figure] = {}


def register_figure(figure: Figure) -> None:
    """Called by an application when it is ready. Raises ValueError where another figure has its place already.

    Some are read with the line above them: no other may come between.
    """
    if any(each.position == figure.position and each.name != figure.name for each in _figures.values()):
        raise ValueError(f"two figures stand at {figure.position}: {figure.name} is the second")
    _figures[figure.name] = figure


def figures() -> list[Figure]:
    """In the order in which they are shown."""
    return sorted(_figures.values(), key=lambda figure: (figure.position, figure.name))


def count_now(*, now: datetime) -> dict[str, Value]:
    """Of the current caisse."""
    return {figure.name: figure.of(now) for figure in figures()}
