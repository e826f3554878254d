"""A caisse file that is refused: the command names line and reason, and nothing has changed."""

from pathlib import Path

import pytest

from tenants.policy.apply_file import apply_plan, plan_files
from tenants.provisioning.write_caisse import DomainTakenError
from tests.commands.running import CAISSES, GAMMA, caisse, everything, written

NOTHING = "Rien n’a été changé."

# What is written over the good file, what the good file has there, and the reason that must be named.
FLAWS = {
    "unknown key": ("min_lenght = 8", "min_length = 8", "clé inconnue «\u202fmin_lenght\u202f»"),
    "unknown table": ("[brandd]", "[brand]", "clé inconnue «\u202fbrandd\u202f»"),
    "schema with quotes": ('"gamma\\"; DROP SCHEMA alpha; --"', '"gamma"', "un nom de schéma a 1 à 39"),
    "schema in capitals": ('"Gamma"', '"gamma"', "un nom de schéma a 1 à 39"),
    "schema of the server": ('"pg_toast"', '"gamma"', "réservé"),
    "schema of blueprints": ('"zz_gamma"', '"gamma"', "réservé"),
    "schema of the catalogue": ('"information_schema"', '"gamma"', "réservé"),
    "schema of everyone": ('"public"', '"gamma"', "porte d’entrée"),
    "schema too long": (f'"{"g" * 40}"', '"gamma"', "un nom de schéma a 1 à 39"),
    "domain twice in the file": (
        '["gamma.localhost", "GAMMA.localhost."]',
        '["gamma.localhost", "www.gamma.example.org"]',
        "écrit deux fois",
    ),
    "domain that is none": (
        '["gamma localhost"]',
        '["gamma.localhost", "www.gamma.example.org"]',
        "n’est pas un nom de domaine",
    ),
    "domain of another caisse": (
        '["gamma.localhost", "alpha.localhost"]',
        '["gamma.localhost", "www.gamma.example.org"]',
        "alpha.localhost mène déjà à une autre caisse",
    ),
    "domain of another caisse in capitals": (
        '["WWW.Alpha.Example.ORG."]',
        '["gamma.localhost", "www.gamma.example.org"]',
        "www.alpha.example.org mène déjà à une autre caisse",
    ),
    "pale colour": ('theme = "clear"\naccent = "#FFE680"', 'theme = "clear"', "4,5"),
    "payments without a second factor": (
        'products = ["pawn_loans", "payments"]',
        'products = ["pawn_loans"]',
        "deux facteurs indépendants",
    ),
    "second GIE": ('town = "Gamma"\nkind = "gie"', 'town = "Gamma"', "déjà une caisse de ce genre"),
    "number in quotes": ('min_length = "8"', "min_length = 8", "un nombre entier"),
    "not TOML": ("town = Gamma", 'town = "Gamma"', "TOML mal formé"),
    "cut short": ('town = "Gamma', 'town = "Gamma"', "TOML mal formé"),
    "key twice": ('town = "Gamma"\ntown = "Delta"', 'town = "Gamma"', "deux fois"),
}
ONE_FACTOR = ('methods = ["sms"]', "methods = []\nrequired = false")


@pytest.mark.parametrize("flaw", FLAWS)
def test_the_line_and_the_reason_are_named_and_nothing_has_changed(
    tmp_path: Path, committed: None, flaw: str
) -> None:
    wrong, right, reason = FLAWS[flaw]
    text = GAMMA.replace(right, wrong, 1)
    assert text != GAMMA
    if "payments" in wrong:
        text = text.replace(*ONE_FACTOR)
    path = written(tmp_path / "gamma.toml", text)
    before = everything()
    refused = caisse("apply", path)
    assert refused.refused is not None
    assert refused.refused.endswith(NOTHING)
    naming = [line for line in refused.refused.splitlines() if reason in line]
    assert naming, refused.refused
    assert line_named(naming[0], path) in lines_of(text, wrong)
    assert everything() == before


def line_named(line: str, path: Path) -> int:
    file, number, _ = line.split(":", 2)
    assert file == str(path)
    return int(number)


def lines_of(text: str, wrong: str) -> set[int]:
    """Where the flaw stands; for a check of the whole policy, the table that lacks what it wants."""
    first = text.count("\n", 0, text.index(wrong)) + 1
    lines = set(range(first, first + wrong.count("\n") + 1))
    if "payments" in wrong:
        table = text.index("[second_factor]")
        lines = set(range(text.count("\n", 0, table) + 1, text.count("\n", 0, table) + 4))
    return lines


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path, committed: None) -> None:
    text = GAMMA.replace("min_length = 8", "min_lenght = 8").replace('"gamma"', '"Gamma"')
    refused = caisse("apply", written(tmp_path / "gamma.toml", text)).refused or ""
    assert "min_lenght" in refused
    assert "un nom de schéma" in refused


def test_one_bad_file_among_good_ones_stops_them_all(tmp_path: Path, file: Path) -> None:
    bad = written(tmp_path / "bad.toml", GAMMA.replace("gamma", "delta").replace("min_length", "min"))
    before = everything()
    refused = caisse("apply", file, bad)
    assert str(bad) in (refused.refused or "")
    assert everything() == before


def test_two_files_may_not_share_a_domain(tmp_path: Path, file: Path) -> None:
    other = written(tmp_path / "other.toml", GAMMA.replace('schema_name = "gamma"', 'schema_name = "delta"'))
    before = everything()
    refused = caisse("apply", file, other).refused or ""
    assert f"{other}:7: le domaine «\u202fgamma.localhost\u202f»" in refused
    assert everything() == before


def test_the_kind_of_a_caisse_never_changes(tmp_path: Path, committed: None) -> None:
    text = (CAISSES / "gie.toml").read_text(encoding="utf-8").replace('kind = "gie"', 'kind = "caisse"')
    path = written(tmp_path / "gie.toml", text)
    before = everything()
    refused = caisse("apply", path)
    assert refused.first_line.startswith(f"{path}:4: cette caisse existe déjà avec kind")
    assert everything() == before


@pytest.mark.parametrize("command", ["apply", "check"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, committed: None, command: str) -> None:
    for path in (tmp_path / "absent.toml", tmp_path):
        refused = caisse(command, path)
        assert refused.first_line.startswith(f"{path}: ce fichier ne peut pas être lu")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00", b"# " + b"x" * 300_000, b"[" * 5000])
def test_what_is_no_text_is_refused(tmp_path: Path, committed: None, content: bytes) -> None:
    path = tmp_path / "gamma.toml"
    path.write_bytes(content)
    assert caisse("apply", path).first_line.startswith(str(path))


@pytest.mark.parametrize(
    ("option", "value"), [("--reason", "  "), ("--reason", "x" * 401), ("--author", "x" * 121)]
)
def test_a_version_without_a_fitting_signature_is_not_written(file: Path, option: str, value: str) -> None:
    before = everything()
    refused = caisse("apply", file, f"{option}={value}")
    assert option in refused.first_line
    assert everything() == before


def test_what_was_already_written_is_not_denied(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A domain taken between the plan and the second of two files."""
    other = written(tmp_path / "other.toml", GAMMA.replace("gamma", "delta"))
    real = apply_plan

    def taken_meanwhile(plan: object, **signed: str) -> object:
        if getattr(plan, "schema", "") == "delta":
            raise DomainTakenError("le domaine delta.localhost mène déjà à la caisse « epsilon »")
        return real(plan, **signed)  # type: ignore[arg-type]  # a plan of the command's own

    monkeypatch.setattr("tenants.management.commands.caisse.apply_plan", taken_meanwhile)
    refused = caisse("apply", file, other).refused or ""
    assert NOTHING not in refused
    assert "Déjà écrites : gamma." in refused
    assert refused.startswith(f"{other}: le domaine")


def test_the_plan_of_a_refused_file_is_never_made(tmp_path: Path, committed: None) -> None:
    path = written(tmp_path / "gamma.toml", GAMMA.replace("gamma.localhost", "alpha.localhost"))
    with pytest.raises(ValueError, match=r"alpha\.localhost"):
        plan_files([path])
