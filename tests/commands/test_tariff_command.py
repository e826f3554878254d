"""`manage.py tariff`: check, apply, list, show, simulate, schema."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from django_tenants.utils import tenant_context

from tenant_apps.pawn.domain.tariffs.document import Act
from tenant_apps.pawn.domain.tariffs.reading import read_tariff_file
from tenant_apps.pawn.models import Tariff
from tenant_apps.pawn.tariffs.in_words import ACTS
from tenants.selectors import caisse_of_schema
from tests.commands.running import Ran, run, written
from tests.pawn.tariffs.written import FILES

ROOT = Path(__file__).resolve().parents[2]
NANTES, NIMES, PARIS = (FILES / f"{name}.toml" for name in ("nantes", "nimes", "paris"))
LOAN = ("--capital", "1000", "--from", "2026-01-15", "--months", "6")
DEAR = NIMES.read_text(encoding="utf-8").replace('rate = "0.48"', 'rate = "0.90"')


def tariff(*words: str | Path) -> Ran:
    """With plain spaces, as a test is typed."""
    ran = run("tariff", *words)
    return Ran(plain(ran.said), None if ran.refused is None else plain(ran.refused))


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def rows(schema: str) -> list[tuple[int, str]]:
    with tenant_context(caisse_of_schema(schema=schema)):
        return list(Tariff.objects.order_by("number").values_list("number", "label"))


def test_a_file_is_checked_without_a_caisse_and_its_dearest_loan_named() -> None:
    found = tariff("check", NANTES, NIMES)
    assert found.refused is None
    assert "nantes.toml : 0 erreur(s), 4 avertissement(s)" in found.said
    assert "nimes.toml : 0 erreur(s), 0 avertissement(s)" in found.said
    assert "le plus cher : 6 004,00 € sur 6 mois" in found.said


def test_a_breach_is_refused_with_its_line_and_the_worst_case(tmp_path: Path) -> None:
    found = tariff("check", written(tmp_path / "dear.toml", DEAR))
    assert found.refused == "1 tarif(s) ne passent pas les contrôles"
    assert "erreur : brackets : 6 004,00 € sur 6 mois" in found.said
    assert "baissez le taux ou les frais" in found.said


@pytest.mark.parametrize("day", ["9999-12-01", "0001-01-01"])
def test_a_file_of_no_imaginable_year_is_refused_before_anything_is_computed(
    tmp_path: Path, day: str
) -> None:
    text = NANTES.read_text(encoding="utf-8").replace("valid_from = 2025-07-01", f"valid_from = {day}")
    text = text.replace("[[brackets]]", '[[brackets]]\npublished_taeg = "9.00"')
    found = tariff("check", written(tmp_path / "far.toml", text))
    assert "valid_from : une année de 1950 à 2200" in str(found.refused)


def test_a_file_is_checked_at_one_day_of_signing() -> None:
    found = tariff("check", NANTES, "--on", "2025-11-30")
    assert "0 erreur(s), 0 avertissement(s)" in found.said
    assert found.said.count("le plus cher") == 1
    missing = tariff("check", NANTES, "--on", "2031-01-01")
    assert "n’est pas connu ici" in missing.said
    assert missing.refused is not None


@pytest.mark.usefixtures("committed")
def test_a_tariff_is_applied_once_listed_and_shown_again(tmp_path: Path) -> None:
    assert "alpha : tarif 1 appliqué, depuis le 1er juillet 2024" in tariff("apply", "alpha", NIMES).said
    assert "alpha : tarif 1 inchangé" in tariff("apply", "alpha", NIMES).said
    assert (
        "alpha : tarif 2 appliqué, depuis le 1er juillet 2025"
        in tariff("apply", "alpha", NANTES, "--author", "Aude", "--reason", "conseil du 3 juin").said
    )
    listed = tariff("list", "alpha").said.splitlines()
    assert listed[0].split()[:2] == ["2", "2025-07-01"]
    assert listed[0].endswith("(Aude : conseil du 3 juin)")
    assert len(listed) == 2
    assert "aucun tarif" in tariff("list", "beta").said
    shown = run("tariff", "show", "alpha", "--on", "2025-06-30").said
    again = read_tariff_file(written(tmp_path / "again.toml", shown)).document
    assert again == read_tariff_file(NIMES).document
    assert rows("beta") == []


@pytest.mark.usefixtures("committed")
def test_what_a_caisse_applied_is_checked_again_as_ceilings_come() -> None:
    tariff("apply", "alpha", NIMES)
    tariff("apply", "alpha", NANTES)
    said = tariff("check", "alpha").said
    assert "alpha: avertissement : usury_sign_off : 6 011,00 € sur 6 mois" in said
    assert "alpha : 0 erreur(s)" in said
    before = tariff("check", "alpha", "--on", "2025-01-15")
    assert "alpha : 0 erreur(s), 0 avertissement(s)" in before.said
    assert "TAEG 7,911 %, seuil 8,51 %" in before.said
    assert tariff("check", "alpha", "--on", "2031-01-01").refused == "1 tarif(s) ne passent pas les contrôles"
    assert "beta n’a pas de tarif" in (tariff("check", "beta").refused or "")


@pytest.mark.usefixtures("committed")
def test_a_caisse_simulates_by_its_tariff_of_the_day() -> None:
    tariff("apply", "alpha", NIMES)
    tariff("apply", "alpha", NANTES)
    assert "total à payer 1 059,20 €" in " ".join(tariff("simulate", "alpha", *LOAN).said.split())
    before = ("--capital", "1000", "--from", "2025-01-15", "--months", "6")
    assert "total à payer 1 055,00 €" in " ".join(tariff("simulate", "alpha", *before).said.split())
    assert tariff("simulate", "beta", *LOAN).first_line.startswith("beta n’a pas de tarif au 15 janvier 2026")


def test_a_file_is_not_simulated_before_its_first_day_without_a_word() -> None:
    """A caisse refuses that day; a file is told of it, and so is a machine that reads the answer."""
    for day, there in (("2025-06-30", True), ("2025-07-01", False)):
        asked = ("--capital", "1000", "--from", day, "--months", "6")
        found = tariff("simulate", NANTES, *asked)
        assert ("Attention : ce tarif s’applique depuis le 1er juillet 2025" in found.said) == there
        assert ('"warnings": []' in tariff("simulate", NANTES, *asked, "--json").said) != there


def test_a_simulation_prints_every_sum_and_what_explains_it() -> None:
    said = [" ".join(line.split()) for line in tariff("simulate", NANTES, *LOAN).said.splitlines()]
    assert said == [
        "Prêt sur gage, tarif publié à Nantes, depuis le 1er juillet 2025",
        "6 mois, du 15 janvier 2026 au 15 juillet 2026",
        "capital 1 000,00 €",
        "intérêts 49,20 € 1 000,00 € × 0,820 % par mois × 6 mois commencés",
        "droit fixe 10,00 € 1 000,00 € × 1 %",
        "total à payer 1 059,20 €",
        "coût du prêt 59,20 €",
        "TAEG 12,19 % ; seuil de l’usure 23,56 % (du 1er janvier 2026 au 31 mars 2026)",
    ]


def test_what_is_withheld_is_printed_with_what_is_handed_over() -> None:
    text = PARIS.read_text(encoding="utf-8")
    assert 'above = "500.00"' in text
    said = [" ".join(line.split()) for line in tariff("simulate", PARIS, *LOAN).said.splitlines()]
    assert said[2:4] == ["droit fixe, retenu −2,00 €", "somme remise 998,00 €"]


def test_a_machine_reads_the_same_as_text_with_a_point() -> None:
    found: dict[str, Any] = json.loads(run("tariff", "simulate", NANTES, *LOAN, "--json").said)
    assert {name: found[name] for name in ("capital", "interest", "total", "cost", "taeg", "term")} == {
        "capital": "1000.00",
        "interest": "49.20",
        "total": "1059.20",
        "cost": "59.20",
        "taeg": "12.19",
        "term": "2026-07-15",
    }
    assert [fee["amount"] for fee in found["fees"]] == ["10.00"]
    assert found["usury"] == {
        "ceiling": "23.56",
        "from": "2026-01-01",
        "to": "2026-03-31",
        "in_force": True,
        "exceeded": False,
    }
    assert found["lines"][1] == {
        "kind": "interest",
        "amount": "49.20",
        "from": "2026-01-15",
        "to": "2026-07-15",
        "base": "1000.00",
        "rate": "0.820",
        "rate_per": "month",
        "periods": 6,
        "period": "month",
        "act": None,
    }
    assert found["warnings"] == []


def test_where_no_ceiling_is_known_a_simulation_says_which_it_used() -> None:
    late = ("--capital", "7000", "--from", "2031-10-01", "--months", "6")
    found = tariff("simulate", NANTES, *late)
    assert found.refused is None
    assert (
        "Attention : le seuil de l’usure du 1er octobre 2031 n’est pas connu ici : comparé à celui du "
        "1er octobre 2026 au 31 décembre 2026." in found.said
    )
    assert "le TAEG dépasse le seuil de l’usure" in found.said


def test_a_compulsory_act_is_named_and_every_act_has_its_word(tmp_path: Path) -> None:
    assert set(ACTS) == set(get_args(Act))
    text = NIMES.read_text(encoding="utf-8").replace(
        'amount = "2.50"', 'amount = "2.50"\ncompulsory = true', 1
    )
    said = tariff("simulate", written(tmp_path / "compulsory.toml", text), *LOAN).said
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert "avis d’échéance 2,50 €" in lines
    assert "intérêts 45,00 € 1 000,00 € × 0,75 % par mois × 12 demi-mois commencés" in lines
    assert "total à payer 1 057,50 €" in lines


REFUSED = {
    "an amount between two steps": ("--capital=1000.50", "cette somme n’est pas offerte : de 20,00 €"),
    "no sum": ("--capital=mille", "--capital : « mille » n’est pas une somme"),
    "a sum as Python writes it": ("--capital=1_000", "« 1_000 » n’est pas une somme"),
    "digits of another script": ("--capital=١٠٠٠", "« ١٠٠٠ » n’est pas une somme"),
    "a power of ten": ("--capital=1e3", "n’est pas une somme"),
    "a blank": ("--capital= 1000", "n’est pas une somme"),
    "a sign": ("--capital=+1000", "n’est pas une somme"),
    "no number": ("--capital=NaN", "n’est pas une somme"),
    "less than nothing": ("--capital=-5", "n’est pas une somme"),
    "too much": ("--capital=900000000", "cette somme n’est pas offerte"),
    "a duration": ("--months=7", "cette durée n’est pas offerte : 6, 12, 18 ou 24 mois"),
    "no day": ("--from=demain", "--from : « demain » n’est pas une date comme 2026-01-15"),
    "the end of time": ("--from=9999-12-31", "--from : une année de 1950 à 2200"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_simulated_is_refused_in_words(what: str) -> None:
    option, reason = REFUSED[what]
    assert reason in tariff("simulate", NANTES, *LOAN, option).first_line


@pytest.mark.usefixtures("committed")
def test_a_refusal_changes_nothing(tmp_path: Path) -> None:
    dear = written(tmp_path / "dear.toml", DEAR)
    taeg = written(tmp_path / "taeg.toml", DEAR.replace('published_as = "nominal"', 'published_as = "taeg"'))
    late = written(tmp_path / "late.toml", DEAR.replace("2024-07-01", "2031-01-01"))
    for words, reason in (
        (("alpha", dear), "6 004,00 € sur 6 mois"),
        (("alpha", taeg), "écrivez les taux nominaux"),
        (("alpha", late), "n’est pas connu ici"),
        (("alpha", tmp_path / "none.toml"), "ce fichier ne peut pas être lu"),
        (("gamma", NIMES), "aucune caisse « gamma »"),
        (("public", NIMES), "aucune caisse « public »"),
        (("alpha", NIMES, "--reason", " "), "--reason : 1 à 400 caractères"),
    ):
        found = tariff("apply", *words)
        assert reason in (found.refused or "")
    assert rows("alpha") == []
    assert "il ne suffit pas pour calculer" in (tariff("simulate", taeg, *LOAN).refused or "")


def test_the_schema_for_editors_knows_every_key() -> None:
    schema = json.loads(run("tariff", "schema").said)
    assert {"valid_from", "brackets", "late", "usury_sign_off"} <= set(schema["properties"])


def test_a_refusal_goes_to_standard_error_with_a_status_and_no_traceback(tmp_path: Path) -> None:
    flawed = written(tmp_path / "flawed.toml", DEAR.replace('"0.90"', "0.90"))
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "tariff", "check", flawed],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "guichet.config.settings.test"},
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"{flawed}:" in done.stderr
    assert "un taux s’écrit entre guillemets" in done.stderr
    assert "Traceback" not in done.stderr
