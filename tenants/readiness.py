"""Whether this process may be given requests: its database, its migrations, a worker that lives."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.db import DatabaseError, InterfaceError, OperationalError

from guichet.tenancy.connection import connection
from tenants.provisioning.blueprint import code_migrations

OK, UNKNOWN = "ok", "unknown"
# A load balancer asks each second: what takes longer is an answer too.
MOST = timedelta(seconds=1)
# `public` records every migration, those of the caisses' tables included.
_ASKED = """
SELECT (SELECT count(DISTINCT app || '.' || name) FROM django_migrations WHERE app || '.' || name = ANY(%s)),
       (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers)
"""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Each part in a word: `ok`, or what is wrong with it, or `unknown`."""

    database: str
    migrations: str
    worker: str

    @property
    def ready(self) -> bool:
        return self == _READY


_READY = Readiness(database=OK, migrations=OK, worker=OK)
NO_ANSWER = Readiness(database="no answer", migrations=UNKNOWN, worker=UNKNOWN)


def readiness(*, silence: timedelta) -> Readiness:
    """One query. A worker that was silent for longer than that is dead.

    A database ahead of the code has nothing pending: the code before a deploy still answers while the new one starts.
    """
    wanted = _wanted()
    try:
        with connection.answering_within(MOST) as cursor:
            cursor.execute(_ASKED, [wanted])
            applied, quiet = cursor.fetchone()
    except (OperationalError, InterfaceError):
        return NO_ANSWER
    except DatabaseError:
        # It answers, but not to this question: tables or grants of this code are not there yet.
        return Readiness(database=OK, migrations="pending", worker=UNKNOWN)
    return Readiness(
        database=OK,
        migrations=OK if applied == len(wanted) else "pending",
        worker=_worker(quiet, silence),
    )


def _worker(quiet: float | None, silence: timedelta) -> str:
    if quiet is None:
        return "none"
    return OK if quiet <= silence.total_seconds() else "silent"


@lru_cache(maxsize=1)
def _wanted() -> list[str]:
    """They do not change while a process lives."""
    return list(code_migrations())
