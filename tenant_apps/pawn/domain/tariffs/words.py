"""Cases in French, for who writes tariffs: the commands and the findings of the check."""

from datetime import date
from decimal import Decimal

from guichet.kernel.formatting import NARROW, date_long, decimal_number, euros
from tenant_apps.pawn.domain.tariffs.document import Accepted
from tenant_apps.pawn.domain.tariffs.usury import Period, known_periods, stretches
from tenant_apps.pawn.domain.tariffs.worst import Worst

_EXACTLY = Decimal("0.001")


def rate_in_words(rate: Decimal) -> str:
    """With the decimals that it has."""
    return f"{decimal_number(rate, 'fr')}{NARROW}%"


def period_in_words(period: Period) -> str:
    return _span(period.start, period.end)


def known_in_words() -> list[str]:
    """Which ceilings are known, from which source, and which of them one source alone states."""
    known = known_periods()
    spans = " ; ".join(_span(each[0].start, each[-1].end) for each in stretches())
    said = [f"seuils de l’usure connus : {spans}"]
    said += [f"source : {source}" for source in dict.fromkeys(each.source for each in known)]
    alone = [period_in_words(each) for each in known if not each.checked]
    if alone:
        said.append(f"lus dans cette seule source : {' ; '.join(alone)}")
    return said


def _span(start: date, end: date) -> str:
    return f"du {date_long(start, 'fr')} au {date_long(end, 'fr')}"


def accepted_in_words(accepted: Accepted) -> str:
    amounts = f"au-dessus de {euros(accepted.above, 'fr')}"
    if accepted.up_to is not None:
        amounts += f" et jusqu’à {euros(accepted.up_to, 'fr')}"
    return f"TAEG de {rate_in_words(accepted.taeg)} au plus, {amounts}, signé {_span(accepted.since, accepted.until)}"


def case_in_words(case: Worst) -> str:
    """With three decimals: at two, a rate just above its ceiling would look equal to it."""
    found = case.simulation
    return (
        f"{euros(found.loan.lent, 'fr')} sur {found.months} mois, signé le {date_long(found.loan.start, 'fr')} : "
        f"TAEG {rate_in_words(found.taeg.quantize(_EXACTLY))}, seuil {rate_in_words(case.ceiling)} "
        f"({period_in_words(case.period)})"
    )
