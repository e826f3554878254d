"""Tariffs written for a test: a plain one, and what it says otherwise."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.document import TariffDocument
from tenant_apps.pawn.domain.tariffs.loan import Loan
from tenant_apps.pawn.domain.tariffs.months import add_months
from tenant_apps.pawn.domain.tariffs.reading import read_tariff_file
from tenant_apps.pawn.domain.tariffs.tariff import Tariff, tariff_of

FILES = Path(__file__).resolve().parents[3] / "fixtures" / "tariffs"
START = date(2026, 1, 15)
PLAIN: dict[str, Any] = {
    "label": "Un tarif",
    "origin": "invented",
    "source": "Inventé",
    "published_as": "nominal",
    "valid_from": "2026-01-01",
    "applied": "whole",
    "basis": "lent",
    "months": [6, 12],
    "amounts": {"least": "10.00", "greatest": "20000.00", "step": "1.00"},
    "brackets": [
        {"up_to": "3000.00", "rate": "1", "per": "month"},
        {"rate": "0.5", "per": "month"},
    ],
    "counting": {"period": "month", "periods_from": "start", "after_term": True},
    "rounding": {"unit": "0.01", "way": "half_up", "interest": "once"},
    "prolongation": {"months": [6, 12], "runs_from": "term"},
}


def published(name: str) -> Tariff:
    """A file of the demo."""
    return tariff_of(read_tariff_file(FILES / f"{name}.toml").document)


def document(**otherwise: Any) -> TariffDocument:
    """`counting={"period": "day"}` changes that key alone; a list takes the place of the list."""
    written = dict(PLAIN)
    for name, value in otherwise.items():
        before = written.get(name)
        written[name] = {**before, **value} if isinstance(before, dict) else value
    return TariffDocument.model_validate_json(json.dumps(written))


def tariff(**otherwise: Any) -> Tariff:
    return tariff_of(document(**otherwise))


def loan(euros: str | int, *, start: date = START, months: int = 6) -> Loan:
    return Loan(lent=Money.of(euros), start=start, term=add_months(start, months))
