"""Caisse files: what is refused, where, and in which words."""

from pathlib import Path

import pytest

from tenants.policy.checks import run_checks
from tenants.policy.reading import read_caisse_file, read_caisse_files
from tenants.policy.toml_file import LARGEST, FileRefused

NARROW = "\u202f"
GOOD = """\
products = ["pawn_loans"]

[caisse]
schema_name = "lune"
name = "Caisse de la Lune"
town = "Lune"
domains = ["lune.localhost"]

[identifier]
kind = "digits"
min_length = 10
max_length = 11
examples_accepted = ["1043992017"]

[brand]
theme = "warm"
accent = "#B4430B"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lune.toml"


def _refused(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(FileRefused) as refused:
        read_caisse_file(path)
    assert all(problem.file == path for problem in refused.value.problems)
    return [(problem.line, problem.reason.replace(NARROW, " ")) for problem in refused.value.problems]


def test_a_good_file_gives_its_policy_and_where_each_value_stands(file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    read = read_caisse_file(file)
    assert read.policy.caisse.schema_name == "lune"
    assert read.overrides["brand"] == {"theme": "warm", "accent": "#B4430B"}
    assert read.line_of("identifier.max_length") == 12
    assert read.line_of("identifier.hint.fr") == 9
    assert read.line_of("caisse.domains.0") == 7
    assert read.effective.provenance("lockout.wait") == "platform"


BAD = [
    # what is put in the place of what, at which line the problem is told, and its words
    ("[brand]", "[brnad]", 15, "clé inconnue « brnad » ; vouliez-vous dire « brand » ?"),
    ("max_length", "maxlength", 12, "clé inconnue « maxlength » ; vouliez-vous dire « max_length » ?"),
    ("min_length", "max_failures", 11, "clé inconnue « max_failures » ; elle existe dans [lockout]"),
    ("min_length", "letters", 11, "clé inconnue « letters » ; elle existe dans [identifier]"),
    ("theme =", "zzz =", 16, "clé inconnue « zzz »"),
    (
        "min_length = 10",
        'min_length = "10"',
        11,
        "min_length : un nombre entier, sans guillemets, est attendu",
    ),
    ("min_length = 10", "min_length = 0", 11, "min_length : 1 au moins"),
    ("min_length = 10", "min_length = 65", 11, "min_length : 64 au plus"),
    (
        "min_length = 10",
        "min_length = 1.5",
        11,
        "min_length : un nombre entier, sans guillemets, est attendu",
    ),
    (
        "min_length = 10",
        "min_length = true",
        11,
        "min_length : un nombre entier, sans guillemets, est attendu",
    ),
    ('"Lune"', "12", 6, "town : un texte entre guillemets est attendu"),
    ('["lune.localhost"]', '"lune.localhost"', 7, "domains : une liste entre crochets est attendue"),
    ('["lune.localhost"]', "[]", 7, "domains : un domaine au moins est attendu"),
    (
        '["lune.localhost"]',
        '[\n  "lune.localhost",\n  "lune.localhost:80",\n]',
        9,
        "domains : « lune.localhost:80 » n’est pas un nom de domaine, comme espace.exemple.fr, sans port",
    ),
    ('["lune.localhost"]', '["a.org", "A.org."]', 7, "domains : écrit deux fois : a.org"),
    (
        '"lune"',
        '"lune; drop"',
        4,
        "schema_name : un nom de schéma a 1 à 39 caractères : une minuscule, puis minuscules, chiffres ou _",
    ),
    ('"lune"', '"pg_lune"', 4, "schema_name : ce nom de schéma est réservé"),
    (
        '"lune"',
        '"public"',
        4,
        'schema_name : le schéma « public » est celui de la porte d’entrée (kind = "front"), et d’elle seule',
    ),
    ('schema_name = "lune"\n', "", 3, "il manque la clé « schema_name »"),
    (
        '"digits"',
        '"phone"',
        9,
        "identifier : kind est à choisir parmi digits, client_number, email, email_or_client_number, nir",
    ),
    (
        '["pawn_loans"]',
        '["gold"]',
        1,
        "products : une valeur parmi pawn_loans, payments, appointments, savings, ",
    ),
    (
        '"#B4430B"',
        '"orange"',
        17,
        "accent : une couleur s’écrit # et six chiffres hexadécimaux, comme #B4430B",
    ),
    (
        "[brand]",
        "[session]\nidle = 5\n[brand]",
        16,
        "idle : une durée s’écrit « 30 s », « 5 min », « 24 h » ou « 2 jours »",
    ),
    ("[brand]", '[session]\nidle = "3 h"\n[brand]', 16, "idle : de 1 min à 2 h"),
    ("[brand]", '[session]\nidle = "1 s"\n[brand]', 16, "idle : de 1 min à 2 h"),
    ("[brand]", "lockout = 5\n[brand]", 15, "clé inconnue « lockout »"),
    (
        "[brand]",
        "[lockout]\nuntil_agency = 1\n[brand]",
        16,
        "until_agency : true ou false, sans guillemets, est attendu",
    ),
    (
        "[brand]",
        '[[acceptances]]\nrule = "pin-alone"\nsigned_by = "X"\non = 21\nreason = "Y"\n[brand]',
        18,
        "on : une date comme 2026-11-21 est attendue",
    ),
    ("[brand]", '[[acceptances]]\nrule = "pin-alone"\n[brand]', 15, "il manque la clé « signed_by »"),
    ("products", "lockout = 5\nproducts", 1, "lockout : une table est attendue"),
    ('"Lune"', '"Lune', 6, "TOML mal formé : ce texte contient un caractère interdit ou n’est pas refermé"),
    (
        '"Lune"',
        "Lune",
        6,
        "TOML mal formé : cette valeur n’est pas comprise : un texte se met entre guillemets",
    ),
    ("town =", "town", 6, "TOML mal formé : un signe = est attendu après la clé"),
    ("town =", "name =", 6, "TOML mal formé : cette clé est écrite deux fois"),
    ("[brand]", "[caisse]", 15, "TOML mal formé : cette table est écrite deux fois"),
    ('"#B4430B"', '"""', 17, "TOML mal formé : ce texte n’est pas refermé par un guillemet"),
    ("min_length = 10", f"min_length = {'9' * 5000}", 17, "TOML mal formé : "),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), BAD)
def test_a_bad_file_is_refused_with_the_line_and_the_reason(
    file: Path, old: str, new: str, line: int, reason: str
) -> None:
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    told = _refused(file)
    assert (line, reason) in told or [where for where, words in told if words.startswith(reason)] == [line]


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_file(file: Path) -> None:
    file.write_text(GOOD.replace('"lune"', '"pg_"').replace("warm", "../warm"), encoding="utf-8")
    assert [line for line, _ in _refused(file)] == [4, 16]


def test_the_message_is_one_line_a_problem_with_file_and_line(file: Path) -> None:
    file.write_text(GOOD.replace("theme", "thme"), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_caisse_file(file)
    assert str(refused.value).startswith(f"{file}:16: clé inconnue « thme »".replace("« ", f"«{NARROW}")[:40])


def test_a_file_that_is_not_there_is_refused(file: Path) -> None:
    assert _refused(file) == [(0, "ce fichier ne peut pas être lu : No such file or directory")]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert _refused(tmp_path) == [(0, "ce fichier ne peut pas être lu : Is a directory")]


def test_a_file_too_large_is_refused_unread(file: Path) -> None:
    file.write_text(GOOD + "#" * LARGEST, encoding="utf-8")
    assert _refused(file) == [(0, "ce fichier dépasse 256 Kio")]


def test_a_file_that_is_not_utf_8_is_refused_at_its_line(file: Path) -> None:
    file.write_bytes(GOOD.replace("Lune", "Lüne").encode("latin-1"))
    assert _refused(file) == [(5, "ce fichier n’est pas en UTF-8")]


def test_the_mark_that_some_editors_put_first_is_passed_over(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_caisse_file(file).line_of("products") == 1


@pytest.mark.parametrize("nested", ["[" * 50_000, "[" * 300 + "]" * 300, "{a=" * 300 + "1" + "}" * 300])
def test_a_file_of_endless_brackets_is_refused(file: Path, nested: str) -> None:
    file.write_text(f"products = {nested}\n{GOOD[26:]}", encoding="utf-8")
    assert _refused(file)


@pytest.mark.parametrize("value", ["inf", "nan", "2026-11-21", "10:00:00", "2026-11-21T10:00:00Z", "{}"])
def test_values_that_only_toml_has_are_refused_like_any_other(file: Path, value: str) -> None:
    file.write_text(GOOD.replace("min_length = 10", f"min_length = {value}"), encoding="utf-8")
    assert [line for line, _ in _refused(file)] == [11]


def test_a_poor_contrast_is_a_finding_at_the_line_of_the_colour(file: Path) -> None:
    file.write_text(GOOD.replace("#B4430B", "#F4C30B"), encoding="utf-8")
    read = read_caisse_file(file)
    findings = [finding for finding in run_checks(read.policy) if finding.rule == "contrast"]
    assert [(finding.level, finding.path, read.line_of(finding.path)) for finding in findings] == [
        ("error", "brand.accent", 17)
    ]


def test_a_refused_policy_is_a_finding_at_the_line_of_the_value(file: Path) -> None:
    file.write_text(f'{GOOD}\n[second_factor.sms]\nlifetime = "15 min"\n', encoding="utf-8")
    read = read_caisse_file(file)
    errors = [finding for finding in run_checks(read.policy) if finding.level == "error"]
    assert [(finding.rule, read.line_of(finding.path)) for finding in errors] == [("sms-lifetime", 20)]


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_two_files_may_not_claim_one_domain(tmp_path: Path) -> None:
    first = _write(tmp_path, "a.toml", GOOD)
    second = _write(
        tmp_path, "b.toml", GOOD.replace('"lune"', '"mars"').replace('["lune', '["mars.localhost",\n "LUNE')
    )
    with pytest.raises(FileRefused) as refused:
        read_caisse_files([first, second])
    assert [(problem.file, problem.line) for problem in refused.value.problems] == [(second, 8)]
    assert "lune.localhost" in str(refused.value)
    assert "a.toml" in str(refused.value)


def test_two_files_may_not_claim_one_schema_nor_both_be_the_gie(tmp_path: Path) -> None:
    gie = GOOD.replace("[caisse]", '[caisse]\nkind = "gie"')
    first = _write(tmp_path, "a.toml", gie)
    second = _write(tmp_path, "b.toml", gie.replace("lune.localhost", "mars.localhost"))
    with pytest.raises(FileRefused) as refused:
        read_caisse_files([first, second])
    assert [problem.line for problem in refused.value.problems] == [4, 5]


def test_the_problems_of_all_files_are_told_together(tmp_path: Path) -> None:
    files = [
        _write(tmp_path, "a.toml", GOOD.replace("theme", "thme")),
        _write(tmp_path, "b.toml", GOOD.replace("town", "twn")),
    ]
    with pytest.raises(FileRefused) as refused:
        read_caisse_files(files)
    assert {problem.file for problem in refused.value.problems} == set(files)


def test_the_same_file_twice_is_no_clash(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.toml", GOOD)
    assert len(read_caisse_files([path, path])) == 2
