"""How much of the diary one client may take, where the caisse's file says nothing else."""

from dataclasses import dataclass
from datetime import timedelta

MISSED_AT_MOST = 3
MISSED_WITHIN = timedelta(days=90)
CHANGES_A_DAY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """By one client. `lapses`: hours that served nobody, since the client did not come or gave them back too late;
    `changes`: bookings and moves of the last day.
    """

    ahead: int
    lapses: int
    changes: int
