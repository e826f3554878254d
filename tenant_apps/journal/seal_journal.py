"""Seal the events of the current caisse in blocks, each chained to the one before.

The law. Ids are drawn from a sequence before they are committed, so an event may appear after one with a higher id. A
block covers every id up to its last, for ever: it may be closed only when none of these can still appear. An INSERT
takes a lock on the table before it draws its id, and keeps it until its transaction ends. So: read the last id drawn;
list the transactions that hold that lock now; once all of these have ended, whatever they drew up to that id is either
visible or will never be. Those that come meanwhile draw higher ids. Nobody who signs in waits for the sealing; a
transaction that stays open puts the block off, and the next minute tries again.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from guichet.tenancy.connection import connection
from guichet.tenancy.signing import keyring
from tenant_apps.journal.domain.digests import NOTHING, EventWords, chained, digest_of_events
from tenant_apps.journal.models import Event, Seal
from tenant_apps.journal.selectors import event_words, last_seal

PURPOSE = "journal-seal"
# Events in a block: as many are held in memory.
BLOCK = 1000
# Blocks of one run: the first one of an old journal takes several.
BLOCKS_AT_ONCE = 100
SETTLES_WITHIN = timedelta(seconds=3)
PAUSE_SECONDS = 0.05
log = logging.getLogger(__name__)

_TABLE = Event._meta.db_table
_LAST_DRAWN = f"SELECT pg_sequence_last_value(pg_get_serial_sequence('{_TABLE}', 'id')::regclass)"
_WRITERS = f"""
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = '{_TABLE}'::regclass AND mode = 'RowExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
"""  # noqa: S608  # as above


def seal_journal(*, now: datetime, always: bool = False, pause: Callable[[float], None] = time.sleep) -> int:
    """How many blocks were closed. Run twice at once, one of the two closes them.

    `always`: close a block even if nothing has happened, so that the newest key vouches for the whole chain.
    """
    before = last_seal()
    drawn = _last_drawn()
    if not always and drawn <= (before.last if before else 0):
        return 0
    if not _settled(pause=pause):
        log.info("the journal waits for a transaction that still writes to it")
        return 0
    closed = 0
    while closed < BLOCKS_AT_ONCE:
        seal = _close_block(before, drawn=drawn, now=now, always=always and closed == 0)
        if seal is None:
            break
        before, closed = seal, closed + 1
    if closed and before is not None:
        # Whoever keeps the lines elsewhere can tell that seals were cut off the end.
        log.info("journal sealed: block %s, %s", before.number, before.chained)
    return closed


def _last_drawn() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_DRAWN)
        row = cursor.fetchone()
    return int(row[0] or 0) if row else 0


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        return {row[0] for row in cursor.fetchall()}


def _settled(*, pause: Callable[[float], None]) -> bool:
    """Every transaction that was writing when the last id was read has ended."""
    waited = _writers()
    for _ in range(int(SETTLES_WITHIN.total_seconds() / PAUSE_SECONDS)):
        if not waited:
            return True
        pause(PAUSE_SECONDS)
        waited &= _writers()
    return not waited


def _close_block(before: Seal | None, *, drawn: int, now: datetime, always: bool) -> Seal | None:
    """None when there is nothing to close, or another run has closed it."""
    number, first, previous = (
        (before.number + 1, before.last + 1, before.chained) if before else (1, 1, NOTHING)
    )
    events: list[EventWords] = list(event_words(first=first, last=drawn, most=BLOCK))
    if not events and not always:
        return None
    # A whole block may be followed by others; one that is not covers every id that was drawn.
    last = events[-1].id if len(events) == BLOCK else max(drawn, first - 1)
    digest = digest_of_events(events)
    ring = keyring()
    own = chained(
        number=number,
        first=first,
        last=last,
        count=len(events),
        events=digest,
        previous=previous,
        sealed_at=now,
    )
    try:
        with transaction.atomic():
            return Seal.objects.create(
                number=number,
                first=first,
                last=last,
                count=len(events),
                events=digest,
                previous=previous,
                chained=own,
                signed=ring.digest(own, purpose=PURPOSE),
                key=ring.mark,
                sealed_at=now,
            )
    except IntegrityError:
        return None
