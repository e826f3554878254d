"""Do something with many contracts, each for itself: what one of them breaks is told, and the others go on."""

import logging
from collections.abc import Callable, Iterable, Iterator

from django.db import transaction

from tenant_apps.pawn.models import Contract

log = logging.getLogger(__name__)
Found = Callable[[int, int], list[Contract]]
"""Those after a key, in the order of their keys, so many at most."""


def in_pieces(*, found: Found, limit: int) -> Iterator[Contract]:
    """Each once, whatever becomes of it: a contract that stays as it was does not come again."""
    last = 0
    while piece := found(last, limit):
        yield from piece
        last = piece[-1].pk


def one_by_one(*, contracts: Iterable[Contract], act: Callable[[Contract], int], job: str) -> int:
    """What `act` answered, added up. Each is in a transaction of its own.

    A lost connection is met by whoever asks for the next piece, and ends the job.
    """
    return sum(_done(contract, act, job) for contract in contracts)


def _done(contract: Contract, act: Callable[[Contract], int], job: str) -> int:
    try:
        with transaction.atomic():
            return act(contract)
    except Exception:  # the others are owed theirs: this one is told, and tried again next time
        log.exception("%s: contract %s was left as it was", job, contract.uuid)
        return 0
