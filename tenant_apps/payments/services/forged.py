"""Calls that no payment provider has signed: anybody can make them, so they are counted and told once a minute."""

import logging
import threading
from datetime import datetime, timedelta

EVERY = timedelta(minutes=1)
log = logging.getLogger(__name__)


class _Forged:
    """Of one process, whatever the caisse. The last of a flood are told with the next call after it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._untold = 0
        self._told_at: datetime | None = None

    def note(self, now: datetime) -> None:
        with self._lock:
            self._untold += 1
            if self._told_at is not None and now - self._told_at < EVERY:
                return
            untold, self._untold, self._told_at = self._untold, 0, now
        log.warning("what would come from a payment provider is not signed: %s times since last told", untold)


_forged = _Forged()


def note_forged(*, now: datetime) -> None:
    """The first is told at once."""
    _forged.note(now)
