"""Cases in French, for who writes tariffs: the commands and the findings of the check."""

from decimal import Decimal

from guichet.kernel.formatting import NARROW, date_long, decimal_number, euros
from tenant_apps.pawn.domain.tariffs.usury import Period
from tenant_apps.pawn.domain.tariffs.worst import Worst

_EXACTLY = Decimal("0.001")


def rate_in_words(rate: Decimal) -> str:
    """With the decimals that it has."""
    return f"{decimal_number(rate, 'fr')}{NARROW}%"


def period_in_words(period: Period) -> str:
    return f"du {date_long(period.start, 'fr')} au {date_long(period.end, 'fr')}"


def case_in_words(case: Worst) -> str:
    """With three decimals: at two, a rate just above its ceiling would look equal to it."""
    found = case.simulation
    return (
        f"{euros(found.loan.lent, 'fr')} sur {found.months} mois, signé le {date_long(found.loan.start, 'fr')} : "
        f"TAEG {rate_in_words(found.taeg.quantize(_EXACTLY))}, seuil {rate_in_words(case.ceiling)} "
        f"({period_in_words(case.period)})"
    )
