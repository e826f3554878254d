"""A tariff file, read or refused with the line and what to mend; and written back."""

from pathlib import Path

import pytest

from tenant_apps.pawn.domain.tariffs.document import TariffDocument
from tenant_apps.pawn.domain.tariffs.reading import read_tariff_file
from tenant_apps.pawn.domain.tariffs.stored import parse_stored, to_store
from tenant_apps.pawn.domain.tariffs.writing import to_toml
from tenants.policy.toml_file import FileRefused
from tests.pawn.tariffs.written import FILES

NAMES = sorted(path.stem for path in FILES.glob("*.toml"))
NANTES = (FILES / "nantes.toml").read_text(encoding="utf-8")

# What is written over the file of Nantes, what it has there, and the reason that must be named.
FLAWS = {
    "a float": ("rate = 0.541", 'rate = "0.541"', "un taux s’écrit entre guillemets"),
    "a comma": ('rate = "0,541"', 'rate = "0.541"', "un taux s’écrit entre guillemets"),
    "a rate of more than all": ('rate = "101"', 'rate = "0.541"', "100 % au plus"),
    "a number for a sum": ("free_up_to = 100", 'free_up_to = "100.00"', "une somme s’écrit entre guillemets"),
    "a third of a cent": ('free_up_to = "100.333"', 'free_up_to = "100.00"', "une somme s’écrit"),
    "an unknown key": ("free_upto = ", "free_up_to = ", "vouliez-vous dire « free_up_to »"),
    "an unknown value": ('applied = "both"', 'applied = "whole"', "une valeur parmi whole, slices"),
    "no basis": ("", 'basis = "lent"\n', "il manque la clé « basis »"),
    "not a day": ('valid_from = "demain"', "valid_from = 2025-07-01", "une date comme 2026-11-21"),
    "too long": ("months = [6, 36]", "months = [6, 12, 18, 24]", "24 au plus"),
    "no duration": ("months = []\nbuyer", "months = [6, 12, 18, 24]\nbuyer", "1 élément au moins"),
    "bounds that fall": ('up_to = "2000.00"', 'up_to = "6000.00"', "les bornes montent"),
    "a bound at the end": ('up_to = "9.00"\nrate = "0.541"', 'rate = "0.541"', "sauf la dernière"),
    "slices of what was lent": (
        'applied = "slices"',
        'applied = "whole"',
        "seul le reste dû (rest) se découpe",
    ),
    "a fee of no base": ("", 'base = "lent"\n', "il manque la clé"),
    "a fee of nothing": (
        'base = "lent"',
        'share = "1"\nbase = "lent"',
        "a une part (share) ou une somme",
    ),
    "a fee by no period": ('charged = "period"', 'charged = "once"', "every_months va avec"),
    "a fee withheld by period": (
        'charged = "period"\nevery_months = 6\npaid = "start"',
        'charged = "once"\npaid = "end"',
        "se paie avec le reste",
    ),
    "a fee that takes all": (
        'share = "60"\nbase = "lent"\ncharged = "once"\npaid = "start"',
        'share = "1"\nbase = "lent"\ncharged = "once"\npaid = "end"',
        "en dépasse la moitié",
    ),
    "a fee of no sum": (
        'below_free = false\nup_to = "0.00"\n\n[late]',
        "below_free = false\n\n[late]",
        "plus grand que above",
    ),
    "a penalty that falls": (
        'from_day = 151, rate = "1"',
        'from_day = 151, rate = "3"',
        "leur taux ne baisse pas",
    ),
    "a coarse unit": ('unit = "1000"', 'unit = "0.01"', "dix euros au plus"),
    "no unit": ('unit = "0.00"', 'unit = "0.01"', "d’un centime au moins"),
    "no step": ('step = "0.00"', 'step = "1.00"', "step est d’un centime"),
    "least above greatest": ('least = "200000.00"', 'least = "20.00"', "greatest au moins aussi grand"),
    "off the step": ('least = "20.50"', 'least = "20.00"', "des multiples de step"),
    "an act twice": ('act = "due_notice"', 'act = "sale_notice"', "chaque acte est écrit une fois"),
    "not TOML": ("label = Prêt", 'label = "Prêt', "TOML mal formé"),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_is_refused_with_its_line_and_what_to_mend(flaw: str, tmp_path: Path) -> None:
    written, instead_of, reason = FLAWS[flaw]
    assert instead_of in NANTES
    path = tmp_path / "flawed.toml"
    path.write_text(NANTES.replace(instead_of, written, 1), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_tariff_file(path)
    first = refused.value.problems[0]
    assert reason in str(first).replace("\u202f", " ")
    assert first.line > 0


def test_the_line_is_that_of_the_value(tmp_path: Path) -> None:
    path = tmp_path / "flawed.toml"
    path.write_text(NANTES.replace('rate = "0.541"', "rate = 0.541"), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_tariff_file(path)
    lines = [number for number, line in enumerate(NANTES.splitlines(), start=1) if '"0.541"' in line]
    assert [problem.line for problem in refused.value.problems] == lines


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="ne peut pas être lu"):
        read_tariff_file(tmp_path / "none.toml")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_or_stored_reads_back_to_the_same_tariff(name: str, tmp_path: Path) -> None:
    document = read_tariff_file(FILES / f"{name}.toml").document
    path = tmp_path / "again.toml"
    path.write_text(to_toml(document), encoding="utf-8")
    assert read_tariff_file(path).document == document
    assert parse_stored(to_store(document)) == document


@pytest.mark.parametrize("name", NAMES)
def test_every_file_says_whether_it_was_published_or_invented(name: str) -> None:
    document = read_tariff_file(FILES / f"{name}.toml").document
    assert document.origin == ("published" if name in {"nantes", "nice"} else "invented")
    assert document.source
    assert bool(document.choices) == (document.origin == "published")


def test_every_field_has_a_french_description() -> None:
    definitions = TariffDocument.model_json_schema()["$defs"]
    fields = [field for model in definitions.values() for field in model.get("properties", {}).values()]
    assert len(fields) > 30
    assert all(field.get("description") for field in fields)
