"""Read a journal along its seals, and say what is not as it was sealed. Holds one event and one seal at a time."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tenant_apps.journal.domain.digests import NOTHING, EventWords, SealWords

What = Literal[
    "seal_missing",
    "seal_altered",
    "seal_unchained",
    "seal_forged",
    "events_missing",
    "events_added",
    "events_altered",
    "address_altered",
    "address_missing",
    "head_unsigned",
]
# None: there is no such key here.
Signed = Callable[[SealWords], bool | None]
Progress = Callable[[int], None]
# How often progress is told, in events.
STEP = 10_000
# A journal that was rewritten breaks everywhere: the first blocks say where to look.
KEPT = 100


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that is not as it was sealed, the number of its block, and the ids that the block covers."""

    block: int
    what: What
    first: int
    last: int
    count: int = 0


@dataclass(slots=True, kw_only=True)
class Verified:
    """What was looked at, and what was found; `broken` is in the order of the blocks, the first `KEPT` of them."""

    blocks: int = 0
    events: int = 0
    erased_addresses: int = 0
    since: datetime | None = None
    until: datetime | None = None
    head: SealWords | None = None
    last: int = 0
    broken: list[Broken] = field(default_factory=list)
    # How many were found in all.
    found: int = 0

    def note(self, seal: SealWords, what: What, count: int = 0) -> None:
        self.found += 1
        if len(self.broken) < KEPT:
            self.broken.append(Broken(seal.number, what, seal.first, seal.last, count))


def verify(
    *,
    seals: Iterable[SealWords],
    events: Iterable[EventWords],
    signed: Signed,
    erased_before: datetime | None,
    progress: Progress,
) -> Verified:
    """Both in ascending order; `events` may go on after the last seal.

    Addresses of before `erased_before` may be gone.
    """
    done = Verified()
    stream = _Stream(events)
    for seal in seals:
        _check_seal(done, seal, signed=signed)
        _check_events(done, seal, stream, erased_before=erased_before, progress=progress)
        done.blocks, done.head, done.last = done.blocks + 1, seal, max(done.last, seal.last)
    if done.head is not None and signed(done.head) is None:
        # A seal whose key has gone is vouched for by those after it; nothing comes after the last one.
        done.note(done.head, "head_unsigned")
    return done


def _check_seal(done: Verified, seal: SealWords, *, signed: Signed) -> None:
    head = done.head
    number, last, chained = (head.number, head.last, head.chained) if head else (0, 0, NOTHING)
    if seal.number != number + 1 or seal.first != last + 1:
        done.note(seal, "seal_missing", seal.number - number - 1)
    elif seal.previous != chained:
        done.note(seal, "seal_unchained")
    if not seal.stands:
        done.note(seal, "seal_altered")
    elif signed(seal) is False:
        done.note(seal, "seal_forged")


def _check_events(
    done: Verified,
    seal: SealWords,
    stream: "_Stream",
    *,
    erased_before: datetime | None,
    progress: Progress,
) -> None:
    whole, count, moved, gone = hashlib.sha256(), 0, 0, 0
    for event in stream.up_to(seal.last):
        whole.update(event.digest)
        count += 1
        moved += not event.address_stands
        if event.address_is_gone:
            done.erased_addresses += 1
            gone += erased_before is None or event.at >= erased_before
        done.since = min(done.since or event.at, event.at)
        done.until = max(done.until or event.at, event.at)
        done.events += 1
        if done.events % STEP == 0:
            progress(done.events)
    if count != seal.count:
        done.note(seal, "events_missing" if count < seal.count else "events_added", abs(count - seal.count))
    elif whole.hexdigest() != seal.events:
        done.note(seal, "events_altered")
    if moved:
        done.note(seal, "address_altered", moved)
    if gone:
        done.note(seal, "address_missing", gone)


class _Stream:
    """Events, handed out block by block."""

    def __init__(self, events: Iterable[EventWords]) -> None:
        self._events = iter(events)
        self._next = next(self._events, None)

    def up_to(self, last: int) -> Iterator[EventWords]:
        while self._next is not None and self._next.id <= last:
            yield self._next
            self._next = next(self._events, None)
