"""The rows of the counters, locked and written together: a sign-in passes here twice, and waits for each round trip.

Whoever locks several locks the address before the account, so that no two wait for one another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from datetime import datetime

from guichet.tenancy.connection import connection
from tenant_apps.identity.domain.lockout import Count, Verdict
from tenant_apps.identity.models import TryCounter

Name = tuple[str, str]
"""Scope and key."""

_TABLE = TryCounter._meta.db_table
_OF_A_COUNT = [field.name for field in fields(Count)]
_COUNT = ", ".join(_OF_A_COUNT)
_TYPES = ["bigint", "int", "timestamptz", "timestamptz", "boolean", "date", "int"]
_READ = f"id, scope, key, {_COUNT}"
_INSERT = (
    f"INSERT INTO {_TABLE} (scope, key, failures, agency_only, day_total) {{}}"
    f" ON CONFLICT (scope, key) DO UPDATE SET scope = EXCLUDED.scope RETURNING {_READ}"
)
_NAMED = "(scope, key) IN ({})"
# "address" before "account".
_IN_ORDER = "ORDER BY scope DESC FOR UPDATE"


def locked(name: Name) -> tuple[int, Count]:
    """With its key, until the end of the transaction. One statement, whether or not the row was there.

    Two first tries at once: the second waits here for the first, and counts on.
    """
    return _rows(_INSERT.format("VALUES (%s, %s, 0, false, 0)"), name)[name]


def both_locked(first: Name, second: Name, *, now: datetime) -> dict[Name, tuple[int, Count]]:
    """The second only when the first does not wait. One statement, whichever were there."""
    unless = "SELECT %s, %s, 0, false, 0 FROM first WHERE locked_until IS NULL OR locked_until <= %s"
    statement = (
        f"WITH first AS ({_INSERT.format('VALUES (%s, %s, 0, false, 0)')}), second AS ({_INSERT.format(unless)})"  # noqa: S608  # names of columns, and marks
        f" SELECT {_READ} FROM first UNION ALL SELECT {_READ} FROM second"
    )
    return _rows(statement, (*first, *second, now))


def write(counts: Mapping[int, Count]) -> None:
    """By the rows' keys; they are locked already."""
    row = ", ".join(f"%s::{kind}" for kind in _TYPES)
    values = ", ".join([f"({row})"] * len(counts))
    sets = ", ".join(f"{name} = v.{name}" for name in _OF_A_COUNT)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_TABLE} c SET {sets} FROM (VALUES {values}) AS v (id, {_COUNT}) WHERE c.id = v.id",  # noqa: S608  # as above
            [value for key, count in counts.items() for value in (key, *astuple(count))],
        )


def give_back(tries: Mapping[Name, Verdict]) -> None:
    """The secret was right: its own count goes, and the lock that it had put on beforehand; no other's."""
    opened = [name for name, verdict in tries.items() if verdict.locked_by_this_try]
    locks = _NAMED.format(", ".join(["(%s, %s)"] * len(opened))) if opened else "false"
    where = _NAMED.format(", ".join(["(%s, %s)"] * len(tries)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH mine AS (SELECT id, {locks} AS opens FROM {_TABLE} WHERE {where} {_IN_ORDER})"  # noqa: S608  # as above
            f" UPDATE {_TABLE} c SET failures = greatest(c.failures - 1, 0), day_total = greatest(c.day_total - 1, 0),"
            " locked_until = CASE WHEN mine.opens THEN NULL ELSE c.locked_until END,"
            " agency_only = c.agency_only AND NOT mine.opens FROM mine WHERE c.id = mine.id",
            [part for name in (*opened, *tries) for part in name],
        )


def _rows(statement: str, values: Sequence[object]) -> dict[Name, tuple[int, Count]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {(scope, key): (row, Count(*rest)) for row, scope, key, *rest in cursor.fetchall()}
