"""The TAEG by the actuarial method (Code de la consommation R314-3).

A pawn loan has two flows, the sum handed over and what is paid at the term: the equation has one exact solution.
It is computed as if the contract ran to the agreed term (R314-1), with the compulsory fees (R314-4) and without what
is paid for being late (R314-5).
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.months import MONTHS_A_YEAR

HUNDRED = Decimal(100)
_EXACT = Context(prec=28)
_SHOWN = Decimal("0.01")


def taeg(*, handed_over: Money, paid: Money, months: int) -> Decimal:
    """In per cent, not rounded. A month is a twelfth of a year, whatever its days."""
    growth = _EXACT.divide(Decimal(paid.cents), Decimal(handed_over.cents))
    whole, rest = divmod(MONTHS_A_YEAR, months)
    times = Decimal(whole) if rest == 0 else _EXACT.divide(Decimal(MONTHS_A_YEAR), Decimal(months))
    return _EXACT.multiply(_EXACT.subtract(_EXACT.power(growth, times), Decimal(1)), HUNDRED)


def shown(rate: Decimal) -> Decimal:
    """To two decimals, the half upwards: the law wants one at least."""
    return rate.quantize(_SHOWN, rounding=ROUND_HALF_UP)


def exceeds(*, handed_over: Money, paid: Money, months: int, ceiling: Decimal) -> bool:
    """Decided in whole numbers: (paid / handed over)^12 against (1 + ceiling)^months."""
    return growth_exceeds(Fraction(paid.cents, handed_over.cents), months=months, ceiling=ceiling)


def growth_exceeds(growth: Fraction, *, months: int, ceiling: Decimal) -> bool:
    return growth**MONTHS_A_YEAR > (1 + Fraction(ceiling) / 100) ** months
