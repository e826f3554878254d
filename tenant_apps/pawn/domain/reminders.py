"""What a client is told of a contract, and when: each thing once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from tenant_apps.pawn.domain.states import State

AWAKE_FROM, AWAKE_UNTIL = time(9), time(19)
"""Hours at which a telephone may ring."""
NEWS = timedelta(days=30)
"""A sale that is older than this is told by no message: the client has seen it, or the boni has its own notices."""


class NoticeKind(StrEnum):
    DUE_SOON = "due_soon"
    DUE = "due"
    IN_GRACE = "in_grace"
    SALE = "sale"
    SOLD = "sold"
    BONI = "boni"
    LAPSING = "lapsing"
    WITHDRAWN = "withdrawn"
    EXTRA_TIME = "extra_time"
    """Both told at once, by the act itself: the calendar brings neither."""


@dataclass(frozen=True, slots=True)
class Told:
    """`about`: the day that makes it this notice and no other, such as a term, or a day of the cadence before it."""

    kind: NoticeKind
    about: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """As the policy has it."""

    before: Sequence[timedelta]
    due_for: timedelta
    boni_before: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A contract as its calendar has it on a day. `since`: when the present term was agreed."""

    state: State
    since: date
    term: date
    sale_on: date | None = None
    sold_on: date | None = None
    recorded_on: date | None = None
    """When somebody wrote what the sale brought: what was mistyped can be mended until the day after."""
    notice_on: date | None = None
    """When the caisse must write that the boni waits (CMF D514-21)."""
    lapses_on: date | None = None


def sale_told_from(*, recorded_on: date) -> date:
    """The first day on which the client is told what the sale brought."""
    return recorded_on + timedelta(days=1)


def is_awake(moment: time) -> bool:
    return AWAKE_FROM <= moment < AWAKE_UNTIL


def to_tell(*, followed: Followed, cadence: Cadence, on: date) -> tuple[Told, ...]:
    """What is due to be told that day, whether or not it has been."""
    return tuple(_TOLD[followed.state](followed, cadence, on)) if followed.state in _TOLD else ()


def _before_term(followed: Followed, cadence: Cadence, on: date) -> Iterator[Told]:
    """The latest that the calendar has reached: who was out of reach for a week is not told twice at once."""
    if on == followed.term:
        yield Told(NoticeKind.DUE, followed.term)
        return
    days = [followed.term - each for each in cadence.before]
    reached = [day for day in days if followed.since < day <= on]
    if reached:
        yield Told(NoticeKind.DUE_SOON, max(reached))


def _at_term(followed: Followed, _cadence: Cadence, _on: date) -> Iterator[Told]:
    yield Told(NoticeKind.DUE, followed.term)


def _in_grace(followed: Followed, cadence: Cadence, _on: date) -> Iterator[Told]:
    yield Told(NoticeKind.IN_GRACE, followed.term + cadence.due_for)


def _for_sale(followed: Followed, _cadence: Cadence, on: date) -> Iterator[Told]:
    if followed.sale_on is not None and on < followed.sale_on:
        yield Told(NoticeKind.SALE, followed.sale_on)


def _sold(followed: Followed, _cadence: Cadence, on: date) -> Iterator[Told]:
    if followed.sold_on is None or followed.recorded_on is None:
        return
    if sale_told_from(recorded_on=followed.recorded_on) <= on < followed.sold_on + NEWS:
        yield Told(NoticeKind.SOLD, followed.sold_on)


def _boni(followed: Followed, cadence: Cadence, on: date) -> Iterator[Told]:
    yield from _sold(followed, cadence, on)
    lapses = followed.lapses_on
    if lapses is None or on >= lapses:
        return
    if followed.notice_on is not None and on >= followed.notice_on:
        yield Told(NoticeKind.BONI, followed.notice_on)
    if on >= lapses - cadence.boni_before:
        yield Told(NoticeKind.LAPSING, lapses)


_TOLD = {
    State.RUNNING: _before_term,
    State.DUE: _at_term,
    State.IN_GRACE: _in_grace,
    State.FOR_SALE: _for_sale,
    State.SOLD: _sold,
    State.BONI_AVAILABLE: _boni,
}
