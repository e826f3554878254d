"""What must be known of a loan before it is signed: whether the ceiling of its amount, that day, lets it be."""

from dataclasses import dataclass
from decimal import Decimal

from tenant_apps.pawn.domain.tariffs.debt import Simulation
from tenant_apps.pawn.domain.tariffs.taeg import exceeds
from tenant_apps.pawn.domain.tariffs.usury import Period, nearest_to


@dataclass(frozen=True, slots=True)
class Compared:
    """A TAEG and the ceiling it is compared with."""

    period: Period
    in_force: bool
    """False where the ceilings of the day are not known: what is shown or signed must say so."""
    ceiling: Decimal
    breaches: bool


def compared(simulation: Simulation) -> Compared:
    """With the ceiling of the day of signing, else with the nearest known."""
    used = nearest_to(simulation.loan.start)
    ceiling = used.period.ceiling(simulation.loan.lent)
    breaches = exceeds(
        handed_over=simulation.handed_over, paid=simulation.paid, months=simulation.months, ceiling=ceiling
    )
    return Compared(used.period, used.in_force, ceiling, breaches)
