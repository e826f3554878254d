"""Bring what the current caisse has sealed under the newest master key, while people sign in.

Small transactions, each of which leaves every row whole: it can be stopped at any moment, and run again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import BinaryField, F, Func, Model, QuerySet, Value

from guichet.kernel.sealing import HEADER_BYTES, Keyring, SealBrokenError
from guichet.tenancy.signing import keyring
from tenants.keys.registry import SealedColumn, after_rotation, lapsing, lingering, sealed_columns

# Rows that one transaction locks: whoever signs in meanwhile waits for a few milliseconds.
AT_ONCE = 50
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the current caisse stands. `left`: column → values that are not under the newest key.

    `waiting`: what only people can renew → how many. `until`: when the last of what was sent has lapsed.
    """

    left: dict[str, int]
    waiting: dict[str, int]
    until: datetime

    @property
    def done(self) -> bool:
        return not any(self.left.values())


@dataclass(slots=True)
class Rotated:
    """Column → values that were sealed anew; and → the keys of the rows that no key opens."""

    moved: dict[str, int] = field(default_factory=dict)
    broken: dict[str, list[int]] = field(default_factory=dict)


def rotate_keys(*, now: datetime, progress: Progress) -> Rotated:
    """`progress` is told the column, how many values are done, and how many there were to do."""
    rotated = Rotated()
    for column in sealed_columns():
        _reseal(column, rotated=rotated, progress=progress)
    for act in after_rotation():
        act(now)
    return rotated


def standing(*, now: datetime) -> Standing:
    """Nothing is changed."""
    ring = keyring()
    longest = [each.longest() for each in lapsing()]
    return Standing(
        left={column.label: _stale(column, ring=ring).count() for column in sealed_columns()},
        waiting={f"{each.label} ({each.until})": each.count() for each in lingering()},
        until=max((now + each for each in longest), default=now),
    )


def _reseal(column: SealedColumn, *, rotated: Rotated, progress: Progress) -> None:
    ring = keyring()
    total, moved, last = _stale(column, ring=ring).count(), 0, 0
    broken: list[int] = []
    while True:
        with transaction.atomic():
            rows = list(
                _stale(column, ring=ring)
                .filter(pk__gt=last)
                .order_by("pk")
                .select_for_update(of=("self",))[:AT_ONCE]
            )
            for row in rows:
                if _reseal_row(row, column=column, ring=ring):
                    moved += 1
                else:
                    broken.append(row.pk)
        if not rows:
            break
        last = rows[-1].pk
        progress(column.label, moved, total)
    rotated.moved[column.label] = moved
    if broken:
        rotated.broken[column.label] = broken


def _reseal_row(row: Model, *, column: SealedColumn, ring: Keyring) -> bool:
    """False when no key of the ring opens it: it stays as it is."""
    purpose = column.purpose_of(row)
    try:
        plain = ring.open(getattr(row, column.column), purpose=purpose)
    except SealBrokenError:
        return False
    sealed = ring.seal(plain, purpose=purpose)
    column.rows.filter(pk=row.pk).update(**{column.column: sealed})
    if column.also is not None:
        column.also(row, plain)
    return True


def _stale(column: SealedColumn, *, ring: Keyring) -> QuerySet[Model]:
    """The rows whose value is not under the newest key."""
    head = Func(
        F(column.column), Value(1), Value(HEADER_BYTES), function="SUBSTRING", output_field=BinaryField()
    )
    kept = column.rows.exclude(**{column.column: b""})
    found: QuerySet[Model] = kept.annotate(sealed_head=head).exclude(sealed_head=ring.header)
    return found
