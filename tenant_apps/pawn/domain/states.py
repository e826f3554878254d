"""The states of a contract and the only ways between them, each with what the law or the trade says."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class State(StrEnum):
    RUNNING = "running"
    DUE = "due"
    """The term has passed."""
    IN_GRACE = "in_grace"
    """The caisse still waits before it may announce the sale."""
    FOR_SALE = "for_sale"
    SOLD = "sold"
    """Without a boni: the sale brought no more than the debt."""
    BONI_AVAILABLE = "boni_available"
    BONI_CLAIMED = "boni_claimed"
    BONI_LAPSED = "boni_lapsed"
    REDEEMED = "redeemed"


@dataclass(frozen=True, slots=True)
class Way:
    """One legal step."""

    start: State
    end: State
    source: str


BY_DATE = (State.RUNNING, State.DUE, State.IN_GRACE)
"""What the calendar alone decides, in its order."""
ENDED = frozenset({State.SOLD, State.BONI_AVAILABLE, State.BONI_CLAIMED, State.BONI_LAPSED, State.REDEEMED})
"""Nothing is owed any more."""
NOT_ENDED = frozenset(set(State) - ENDED)

WAYS = (
    Way(State.RUNNING, State.DUE, "D514-14"),
    Way(State.DUE, State.IN_GRACE, "D514-14"),
    Way(State.DUE, State.RUNNING, "D514-7"),
    Way(State.IN_GRACE, State.RUNNING, "D514-7"),
    Way(State.RUNNING, State.REDEEMED, "D514-7"),
    Way(State.DUE, State.REDEEMED, "D514-7"),
    Way(State.IN_GRACE, State.REDEEMED, "D514-7"),
    # Until the hammer falls.
    Way(State.FOR_SALE, State.REDEEMED, "D514-14"),
    # At the client's own demand.
    Way(State.RUNNING, State.FOR_SALE, "D514-15"),
    Way(State.DUE, State.FOR_SALE, "D514-15"),
    Way(State.IN_GRACE, State.FOR_SALE, "D514-14, D514-15"),
    # Withdrawn: the calendar says again where it stands.
    Way(State.FOR_SALE, State.RUNNING, "D514-14"),
    Way(State.FOR_SALE, State.DUE, "D514-14"),
    Way(State.FOR_SALE, State.IN_GRACE, "D514-14"),
    Way(State.FOR_SALE, State.SOLD, "D514-14"),
    Way(State.FOR_SALE, State.BONI_AVAILABLE, "D514-14, D514-21"),
    # A price that was mistyped: what is left for the client appears, or was none.
    Way(State.SOLD, State.BONI_AVAILABLE, "D514-21"),
    Way(State.BONI_AVAILABLE, State.SOLD, "D514-21"),
    Way(State.BONI_AVAILABLE, State.BONI_CLAIMED, "D514-21"),
    Way(State.BONI_AVAILABLE, State.BONI_LAPSED, "D514-21"),
    # Its redemption is taken back: what nobody has paid stays owed, and the calendar says again where it stands.
    Way(State.REDEEMED, State.RUNNING, "Code civil 1342"),
    Way(State.REDEEMED, State.DUE, "Code civil 1342, D514-14"),
    Way(State.REDEEMED, State.IN_GRACE, "Code civil 1342, D514-14"),
    # The day that it was recorded by mistake: the sale that it stopped was announced.
    Way(State.REDEEMED, State.FOR_SALE, "Code civil 1342, D514-14"),
)
LEGAL = frozenset((way.start, way.end) for way in WAYS)


class IllegalStepError(ValueError):
    """No article leads from one state to the other."""


def step(*, start: State, end: State) -> State:
    """`end`. Raises IllegalStepError."""
    if (start, end) not in LEGAL:
        raise IllegalStepError(f"{start} > {end}")
    return end


def state_by_date(*, term: date, on: date, due_for: timedelta) -> State:
    """Of a contract that nobody has paid, sold or announced: `due_for`, the grace begins after that."""
    if on <= term:
        return State.RUNNING
    return State.DUE if on <= term + due_for else State.IN_GRACE


def steps_by_date(*, start: State, end: State) -> tuple[State, ...]:
    """Each state on the way from one to the next, forwards, `start` left out."""
    first, last = BY_DATE.index(start), BY_DATE.index(end)
    return BY_DATE[first + 1 : last + 1]
