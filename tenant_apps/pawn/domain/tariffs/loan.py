"""What the engine must know of a contract: a sum, two dates, and what happened since."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from guichet.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Prolonged:
    """Interest, fees and penalty due that day were paid, and the term moved."""

    on: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidDown:
    """Interest, fees and penalty due that day were paid, and this much of the capital."""

    on: date
    capital: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDone:
    """The caisse did something that its tariff charges: `act` is a key of the tariff's `acts`."""

    on: date
    act: str
    extra: Money = ZERO
    """What it cost besides, such as the postage, where the tariff charges that too."""


Event = Prolonged | PaidDown | ActDone


def in_order(dated: Iterable[tuple[int, int, Event]]) -> tuple[Event, ...]:
    """By what wrote them, one after the other: an operation, then what it charges.

    A card that was charged on the eve of a fee may be told after it. What is charged anew behind that payment keeps its
    day (`charge_after`); what stood before it has the payment's.
    """
    found: list[Event] = []
    for *_, event in sorted(dated, key=lambda each: each[:2], reverse=True):
        late = found and isinstance(event, ActDone) and event.on > found[-1].on
        found.append(replace(event, on=found[-1].on) if late else event)
    return tuple(reversed(found))


class ImpossibleLoanError(ValueError):
    """Its dates or sums contradict one another: nothing would be computed rightly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """`events` stand in the order in which they happened. Raises ImpossibleLoanError."""

    lent: Money
    start: date
    term: date
    """As agreed at the start: prolongations move it."""
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        if self.term <= self.start or self.lent <= ZERO:
            raise ImpossibleLoanError("a loan lends something until a later day")
        if self.events:
            self._check()

    def _check(self) -> None:
        days = [self.start, *(event.on for event in self.events)]
        if days != sorted(days):
            raise ImpossibleLoanError("events stand in the order of their days, from the loan on")
        if any(event.until <= event.on for event in self.events if isinstance(event, Prolonged)):
            raise ImpossibleLoanError("a new term is later than the day it is agreed")
        if self.capital < ZERO:
            raise ImpossibleLoanError("more capital was paid than was lent")

    def after(self, event: Event) -> "Loan":
        """The loan once this has happened too."""
        return replace(self, events=(*self.events, event))

    def until(self, day: date) -> "Loan":
        """As it was known at the end of that day."""
        return replace(self, events=tuple(event for event in self.events if event.on <= day))

    @property
    def capital(self) -> Money:
        """What is left to pay back."""
        return self.lent - sum(
            (event.capital for event in self.events if isinstance(event, PaidDown)), start=ZERO
        )

    @property
    def current_term(self) -> date:
        return next(
            (event.until for event in reversed(self.events) if isinstance(event, Prolonged)), self.term
        )
