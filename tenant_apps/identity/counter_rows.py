"""The rows of the counters, locked and written together: a sign-in passes here twice, and waits for each round trip.

Whoever locks several locks the network before the address, and the address before the account, so that no two wait for
one another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta

from guichet.tenancy.connection import connection
from tenant_apps.identity.domain.lockout import Count, Verdict
from tenant_apps.identity.models import TryCounter

Name = tuple[str, str]
"""Scope and key."""

_TABLE = TryCounter._meta.db_table
_OF_A_COUNT = [field.name for field in fields(Count)]
_COUNT = ", ".join(_OF_A_COUNT)
_TYPES = ["bigint", "int", "timestamptz", "timestamptz", "boolean", "date", "int", "int"]
_READ = f"id, scope, key, {_COUNT}"
_INSERT = (
    f"INSERT INTO {_TABLE} (scope, key, failures, agency_only, day_total) {{}}"
    f" ON CONFLICT (scope, key) DO UPDATE SET scope = EXCLUDED.scope RETURNING {_READ}"
)
_ALARM = f"SELECT {_READ} FROM {_TABLE} WHERE scope = %s AND key = %s AND locked_until > %s"  # noqa: S608  # names of columns, and marks
_NAMED = "(scope, key) IN ({})"
# "network", "address", "account".
_IN_ORDER = "ORDER BY scope DESC FOR UPDATE"


def locked(name: Name) -> tuple[int, Count]:
    """With its key, until the end of the transaction. One statement, whether or not the row was there.

    Two first tries at once: the second waits here for the first, and counts on.
    """
    return _rows(_INSERT.format("VALUES (%s, %s, 0, false, 0)"), name)[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What stops a try on its way through its counters, before the next of them is reached."""

    # By scope: so many failures are suspicious, of which one leaks away in so long.
    limits: Mapping[str, tuple[int, timedelta]]
    # A counter of the whole caisse; while it is locked, every try is stopped before the account.
    alarm: Name


def chain_locked(
    names: Sequence[Name], *, now: datetime, watch: Watch | None
) -> dict[Name, tuple[int, Count]]:
    """In that order, each only when the one before it lets the try pass. One statement, whichever were there.

    With a watch, its alarm is among them while it lasts; it is read, not locked.
    """
    steps: list[str] = []
    values: list[object] = []
    for place, (scope, key) in enumerate(names):
        source = "VALUES (%s, %s, 0, false, 0)"
        values += [scope, key]
        if place:
            passes, needs = _passes(names[place - 1][0], now=now, watch=watch)
            source = f"SELECT %s, %s, 0, false, 0 FROM s{place - 1} WHERE {passes}"  # noqa: S608  # marks only
            values += needs
        steps.append(f"s{place} AS ({_INSERT.format(source)})")
    if watch is not None:
        steps.insert(0, f"alarm AS ({_ALARM})")
        values = [*watch.alarm, now, *values]
    read = " UNION ALL ".join(f"SELECT {_READ} FROM {step.split(' ', 1)[0]}" for step in steps)  # noqa: S608  # as above
    return _rows(f"WITH {', '.join(steps)} {read}", values)


def _passes(scope: str, *, now: datetime, watch: Watch | None) -> tuple[str, list[object]]:
    """When a row of that scope lets a try pass on, as a condition and its values.

    It says what `count_at_address` and `is_suspicious` say: a test compares them to the microsecond.
    """
    condition, values = "(locked_until IS NULL OR locked_until <= %s)", [now]
    if watch is None:
        return condition, list(values)
    after, one_leaves_in = watch.limits[scope]
    condition += (
        " AND NOT (failures >= %s AND last_at + (failures - %s + 1) * %s::interval > %s)"
        " AND NOT EXISTS (SELECT FROM alarm)"
    )
    return condition, [now, after, after, one_leaves_in, now]


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


def give_back(tries: Mapping[Name, Verdict], *, now: datetime) -> None:
    """The secret was right: its own count goes, and the lock that it had put on beforehand.

    Another's, put on since, has another end, and stays.
    """
    opened = {name: verdict for name, verdict in tries.items() if verdict.locked_by_this_try}
    ends = [(*name, None if verdict.wait is None else now + verdict.wait) for name, verdict in opened.items()]
    own = "(scope, key) = (%s, %s) AND locked_until IS NOT DISTINCT FROM %s"
    locks = " OR ".join([f"({own})"] * len(ends)) or "false"
    where = _NAMED.format(", ".join(["(%s, %s)"] * len(tries)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH mine AS (SELECT id, {locks} AS opens FROM {_TABLE} WHERE {where} {_IN_ORDER})"  # noqa: S608  # as above
            f" UPDATE {_TABLE} c SET failures = greatest(c.failures - 1, 0), day_total = greatest(c.day_total - 1, 0),"
            " locked_until = CASE WHEN mine.opens THEN NULL ELSE c.locked_until END,"
            " locks = greatest(c.locks - mine.opens::int, 0),"
            " agency_only = c.agency_only AND NOT mine.opens FROM mine WHERE c.id = mine.id",
            [part for each in (*ends, *tries) for part in each],
        )


def _rows(statement: str, values: Sequence[object]) -> dict[Name, tuple[int, Count]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {(scope, key): (row, Count(*rest)) for row, scope, key, *rest in cursor.fetchall()}
