"""What must be known of a loan before it is signed: whether the ceiling of its amount, that day, lets it be."""

from dataclasses import dataclass
from decimal import Decimal

from tenant_apps.pawn.domain.tariffs.debt import Simulation
from tenant_apps.pawn.domain.tariffs.document import Accepted, SignOff
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
    too_near: bool = False
    """Below a ceiling that is not that of the day, and not by enough to be below that of the day as well."""


def compared(simulation: Simulation) -> Compared:
    """With the ceiling of the day of signing, else with the nearest known."""
    used = nearest_to(simulation.loan.start)
    ceiling = used.period.ceiling(simulation.loan.lent)
    breaches = _exceeds(simulation, ceiling)
    too_near = not breaches and _exceeds(simulation, max(ceiling - used.margin, Decimal(0)))
    return Compared(used.period, used.in_force, ceiling, breaches, too_near)


def covers(accepted: Accepted, simulation: Simulation) -> bool:
    """Whether somebody has signed for a loan of this amount, this day, at this TAEG."""
    lent, day = simulation.loan.lent, simulation.loan.start
    within = accepted.above < lent and (accepted.up_to is None or lent <= accepted.up_to)
    return within and accepted.since <= day <= accepted.until and not _exceeds(simulation, accepted.taeg)


def is_signed_for(simulation: Simulation, sign_off: SignOff | None) -> bool:
    return sign_off is not None and any(covers(each, simulation) for each in sign_off.accepted)


def _exceeds(simulation: Simulation, ceiling: Decimal) -> bool:
    return exceeds(
        handed_over=simulation.handed_over, paid=simulation.paid, months=simulation.months, ceiling=ceiling
    )
