"""A simulation as the command prints it: in French for the person at the terminal, in numbers for a machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guichet.kernel.formatting import date_long, euros
from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.debt import Refusal, Simulation
from tenant_apps.pawn.domain.tariffs.document import TariffDocument
from tenant_apps.pawn.domain.tariffs.lines import Kind, Line
from tenant_apps.pawn.domain.tariffs.signing import Compared
from tenant_apps.pawn.domain.tariffs.taeg import shown
from tenant_apps.pawn.domain.tariffs.words import period_in_words, rate_in_words
from tenants.policy.typography import french

_KINDS = {
    Kind.CAPITAL: "capital",
    Kind.INTEREST: "intérêts",
    Kind.MINIMUM: "complément au minimum",
    Kind.FIXED_FEE: "droit fixe",
    Kind.PENALTY: "pénalité de retard",
    Kind.ACT: "frais",
}
_PERIODS = {
    "day": ("jour", "jours"),
    "half_month": ("demi-mois commencé", "demi-mois commencés"),
    "month": ("mois commencé", "mois commencés"),
}
ACTS: dict[str, str] = {
    "due_notice": "avis d’échéance",
    "sale_notice": "avis de vente",
    "boni_notice": "avis de boni",
    "sale_preparation": "préparation de la vente",
    "sale_withdrawal": "retrait de la vente",
    "requested_sale": "vente demandée",
    "lost_receipt": "reconnaissance perdue",
    "sending": "envoi de l’objet",
    "cleaning": "nettoyage",
    "other": "autres frais",
}
_PER = {"month": "par mois", "year": "par an"}
REFUSALS = {
    Refusal.AMOUNT_NOT_OFFERED: "cette somme n’est pas offerte : de {least} à {greatest}, de {step} en {step}",
    Refusal.MONTHS_NOT_OFFERED: "cette durée n’est pas offerte : {months} mois",
}


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulation, under which tariff, and what its TAEG is compared with."""

    document: TariffDocument
    simulation: Simulation
    usury: Compared

    def warnings(self) -> list[str]:
        found = []
        start = date_long(self.simulation.loan.start, "fr")
        if self.simulation.loan.start < self.document.valid_from:
            since = date_long(self.document.valid_from, "fr")
            found.append(f"ce tarif s’applique depuis le {since} : aucune caisse ne signe par lui avant")
        if not self.usury.in_force:
            used = period_in_words(self.usury.period)
            found.append(f"le seuil de l’usure du {start} n’est pas connu ici : comparé à celui {used}")
        if self.usury.breaches:
            found.append("le TAEG dépasse le seuil de l’usure (Code de la consommation, L314-6)")
        if self.usury.too_near:
            found.append("le TAEG est trop près de ce seuil : une caisse attend celui du jour pour signer")
        return [french(each) for each in found]


def refusal_in_words(refusal: Refusal, document: TariffDocument) -> str:
    """Of what a simulation may be refused for."""
    amounts = document.amounts
    *others, last = map(str, sorted(document.months))
    return french(
        REFUSALS[refusal].format(
            least=euros(amounts.least, "fr"),
            greatest=euros(amounts.greatest, "fr"),
            step=euros(amounts.step, "fr"),
            months=f"{', '.join(others)} ou {last}" if others else last,
        )
    )


def simulation_in_words(simulated: Simulated) -> Iterator[str]:
    found, document = simulated.simulation, simulated.document
    yield f"{document.label}, depuis le {date_long(document.valid_from, 'fr')}"
    start, term = date_long(found.loan.start, "fr"), date_long(found.loan.term, "fr")
    yield f"{found.months} mois, du {start} au {term}"
    for line in found.withheld:
        yield _row(f"{_KINDS[line.kind]}, retenu", -line.amount, explained(line))
    if found.withheld:
        yield _row("somme remise", found.handed_over)
    for line in (*found.debt.lines, *found.compulsory):
        yield _row(ACTS.get(line.act, _KINDS[line.kind]), line.amount, explained(line))
    yield _row("total à payer", found.paid)
    yield _row("coût du prêt", found.cost)
    ceiling = rate_in_words(simulated.usury.ceiling)
    period = period_in_words(simulated.usury.period)
    yield french(f"TAEG {rate_in_words(shown(found.taeg))} ; seuil de l’usure {ceiling} ({period})")


def explained(line: Line) -> str:
    """`1 000,00 € × 0,82 % par mois × 6 mois commencés`."""
    parts = [euros(line.base, "fr")] if line.base is not None else []
    if line.rate is not None:
        parts.append(f"{rate_in_words(line.rate)} {_PER.get(line.rate_per, '')}".strip())
    if line.periods:
        one, several = _PERIODS.get(line.period, ("période", "périodes"))
        parts.append(f"{line.periods} {one if line.periods == 1 else several}")
    return " × ".join(parts)


def _row(label: str, amount: Money, why: str = "") -> str:
    return f"  {label:<24}{euros(amount, 'fr'):>16}  {why}".rstrip()


def as_json(simulated: Simulated) -> dict[str, Any]:
    """Sums and rates as text with a point, so that no reader makes a float of them."""
    found, document, period = simulated.simulation, simulated.document, simulated.usury.period
    return {
        "tariff": {"label": document.label, "valid_from": document.valid_from.isoformat()},
        "from": found.loan.start.isoformat(),
        "term": found.loan.term.isoformat(),
        "months": found.months,
        "handed_over": str(found.handed_over),
        "capital": str(found.debt.capital),
        "interest": str(found.debt.interest),
        "fees": [_line(each) for each in _charged(found)],
        "total": str(found.paid),
        "cost": str(found.cost),
        "taeg": str(shown(found.taeg)),
        "usury": {
            "ceiling": str(simulated.usury.ceiling),
            "from": period.start.isoformat(),
            "to": period.end.isoformat(),
            "in_force": simulated.usury.in_force,
            "exceeded": simulated.usury.breaches,
        },
        "lines": [_line(each) for each in (*found.debt.lines, *found.compulsory)],
        "warnings": simulated.warnings(),
    }


def _charged(found: Simulation) -> list[Line]:
    due = [each for each in found.debt.lines if each.kind in {Kind.FIXED_FEE, Kind.ACT}]
    return [*found.withheld, *due, *found.compulsory]


def _line(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "amount": str(line.amount),
        "from": line.start.isoformat(),
        "to": line.end.isoformat(),
        "base": None if line.base is None else str(line.base),
        "rate": None if line.rate is None else str(line.rate),
        "rate_per": line.rate_per or None,
        "periods": line.periods or None,
        "period": line.period or None,
        "act": line.act or None,
    }
