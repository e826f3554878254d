"""What depends on the master key: each application registers its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedColumn:
    """A column whose values `Keyring.seal` made; an empty one holds nothing.

    `purpose` is the one it was sealed for, or makes it from the row. `also` is given the row and its plain text, in the
    transaction that seals it anew: for what else was made of that text.
    """

    model: type[Model]
    column: str
    purpose: str | Callable[[Any], str]
    also: Callable[[Any, str], None] | None = None

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.column}"

    @property
    def rows(self) -> QuerySet[Model]:
        return QuerySet(model=self.model)

    def purpose_of(self, row: Model) -> str:
        return self.purpose if isinstance(self.purpose, str) else self.purpose(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lingering:
    """What nobody can bring under the new key but the person it belongs to. `count`: how many still wait.

    `until`: what the person does about it.
    """

    label: str | Promise
    until: str | Promise
    count: Callable[[], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsing:
    """What was sent and is kept as a digest: it serves under the key that made it, for `longest` at most."""

    label: str | Promise
    longest: Callable[[], timedelta]


AfterRotation = Callable[[datetime], None]
_columns: dict[str, SealedColumn] = {}
_lingering: list[Lingering] = []
_lapsing: list[Lapsing] = []
_after: list[AfterRotation] = []


def register_sealed(column: SealedColumn) -> None:
    _columns[column.label] = column


def register_lingering(lingering: Lingering) -> None:
    _lingering.append(lingering)


def register_lapsing(lapsing: Lapsing) -> None:
    _lapsing.append(lapsing)


def register_after_rotation(act: AfterRotation) -> None:
    """Called once everything of the current caisse is sealed anew."""
    _after.append(act)


def sealed_columns() -> list[SealedColumn]:
    return [_columns[label] for label in sorted(_columns)]


def lingering() -> tuple[Lingering, ...]:
    return tuple(_lingering)


def lapsing() -> tuple[Lapsing, ...]:
    return tuple(_lapsing)


def after_rotation() -> tuple[AfterRotation, ...]:
    return tuple(_after)
