"""Until when the director may leave more time (CMF D514-14)."""

from dataclasses import dataclass
from datetime import date, timedelta

from tenant_apps.pawn.domain.possible import Facts


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def extra_time_span(*, facts: Facts, on: date, longest: timedelta) -> Span:
    """Until when more time may be given: later than what the contract has anyway, by `longest` at most."""
    already = max(facts.waits_until, on)
    return Span(already + timedelta(days=1), already + longest)
