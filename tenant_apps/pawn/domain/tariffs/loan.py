"""What the engine must know of a contract: a sum, two dates, and what happened since."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """`events` stand in the order in which they happened."""

    lent: Money
    start: date
    term: date
    """As agreed at the start: prolongations move it."""
    events: tuple[Event, ...] = ()

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
