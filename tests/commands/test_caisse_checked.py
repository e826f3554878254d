"""`manage.py caisse check`: a file or a published policy, its identifiers, and what has no screen yet."""

from pathlib import Path
from typing import Any

import pytest

from tenants.models import Caisse
from tenants.policy import served
from tenants.policy.served import NoSuchWayError, register_served, unserved
from tests.commands.running import CAISSES, GAMMA, Ran, caisse, everything, written
from tests.tenants.policy.documents import CCM_DIRECT, CPMS, NIMES, PARIS, policy

EXAMPLES = """examples_accepted = ["1234 5678"]
examples_refused = ["1234", "abc", "\\u001b[31m"]
"""


@pytest.fixture
def nothing_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no application had registered."""
    monkeypatch.setattr(served, "_served", set())


def lines(ran: Ran, *, of: Path | str) -> list[str]:
    return [line.removeprefix(f"{of} : ") for line in ran.said.splitlines() if line.startswith(f"{of} : ")]


def with_examples(path: Path) -> Path:
    return written(path, GAMMA.replace("max_length = 8\n", f"max_length = 8\n{EXAMPLES}"))


def test_each_example_is_shown_with_its_normal_form_or_its_refusal(file: Path) -> None:
    said = lines(caisse("check", with_examples(file)), of=file)
    assert "identifiant «\u202f1234 5678\u202f»\u202f: accepté → 12345678" in said
    refused = "refusé → Cet identifiant a 8 chiffres. Vous en avez saisi 4."
    assert f"identifiant «\u202f1234\u202f»\u202f: {refused}" in said
    assert any("abc" in line and "ne contient que des chiffres" in line for line in said)


def test_an_example_does_not_command_the_terminal(file: Path) -> None:
    said = caisse("check", with_examples(file)).said
    assert "\\x1b[31m" in said
    assert "\x1b" not in said


def test_examples_are_shown_for_a_file_that_is_refused_for_them(file: Path) -> None:
    wrong = written(file, GAMMA.replace("max_length = 8\n", 'max_length = 8\nexamples_accepted = ["12"]\n'))
    ran = caisse("check", wrong)
    assert "«\u202f12\u202f»\u202f: refusé → Cet identifiant a 8 chiffres" in ran.said
    assert "devrait être accepté" in (ran.refused or "")


def test_the_front_door_has_no_identifier_to_show(db: None) -> None:
    ran = caisse("check", "public", CAISSES / "front.toml")
    assert ran.refused is None
    assert "identifiant" not in ran.said


def test_a_schema_is_checked_as_it_is_published(applied: Ran) -> None:
    before = everything()
    ran = caisse("check", "gamma")
    assert ran.refused is None
    said = lines(ran, of="gamma, version 1")
    assert said[-1] == "0 erreur(s), 2 avertissement(s)"
    assert any(line.startswith("avertissement : ") and "[sms-alone, " in line for line in said)
    assert everything() == before


def test_a_file_and_a_schema_may_be_checked_together(applied: Ran, file: Path) -> None:
    ran = caisse("check", "alpha", file)
    assert lines(ran, of="alpha, version 1")
    assert "aucune erreur, 2 avertissement(s)" in lines(ran, of=file)


def test_errors_of_what_is_in_force_end_with_a_status(alpha: Caisse, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = policy({"second_factor": {"sms": {"lifetime": "11 min"}}})
    monkeypatch.setattr("tenants.management.commands.caisse.parse_stored", lambda _document: wrong)
    ran = caisse("check", "alpha", "beta")
    assert "alpha, version 1 : 1 erreur(s), 0 avertissement(s)" in ran.said
    assert "beta, version 1 : 1 erreur(s)" in ran.said
    assert "ne passe plus les contrôles" in (ran.refused or "")


@pytest.mark.parametrize("name", ["nulle_part", "demain"])
def test_what_is_neither_a_caisse_nor_a_file_is_named(name: str, db: None) -> None:
    ran = caisse("check", "alpha", name)
    assert f"aucune caisse « {name} »" in ran.first_line
    assert "caisse list" in ran.first_line


def test_what_has_no_screen_yet_is_named(file: Path, nothing_served: None) -> None:
    register_served("products", "pawn_loans")
    text = GAMMA.replace('["pawn_loans"]', '["pawn_loans", "credits"]')
    said = lines(caisse("check", written(file, text)), of=file)
    assert "products.credits n’a pas encore d’écran" in said
    assert "second_factor.methods.sms n’a pas encore d’écran" in said
    assert "products.pawn_loans n’a pas encore d’écran" not in said


def test_what_the_applications_serve_is_not_missing() -> None:
    missing = {str(way) for way in unserved(policy(NIMES))}
    assert not missing & {"products.pawn_loans", "second_factor.methods.sms", "secret.kind.password"}
    for portal in (NIMES, CCM_DIRECT, PARIS, CPMS):
        assert not [way for way in unserved(policy(portal)) if way.path.startswith("recovery")]


@pytest.mark.parametrize("document", [NIMES, CCM_DIRECT, CPMS])
def test_every_way_a_portal_names_is_missing_until_somebody_serves_it(
    document: dict[str, Any], nothing_served: None
) -> None:
    portal = policy(document)
    missing = unserved(portal)
    assert {"products", "secret.kind", "recovery.proofs", "activation.sends"} <= {way.path for way in missing}
    for way in missing:
        register_served(way.path, way.value)
    assert unserved(portal) == []


@pytest.mark.parametrize(("path", "value"), [("products", "pawn_loan"), ("recovery.proof", "email_link")])
def test_a_way_that_no_policy_can_name_is_refused_where_it_is_registered(path: str, value: str) -> None:
    with pytest.raises(NoSuchWayError):
        register_served(path, value)
