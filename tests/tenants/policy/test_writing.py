"""A policy back to a file, and what differs between two."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tenants.policy.inheritance import effective, overlay
from tenants.policy.reading import read_caisse_file
from tenants.policy.stored import canonical
from tenants.policy.writing import diff, to_toml
from tests.tenants.policy.documents import CCM_DIRECT, CPMS, NIMES, PARIS, SIGNED, document, overrides


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "written.toml"


@given(overrides())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_exported_reads_back_the_same(file: Path, written: dict[str, Any]) -> None:
    normal = canonical(written)
    text = to_toml(normal)
    file.write_text(text, encoding="utf-8")
    assert read_caisse_file(file).overrides == normal
    assert to_toml(read_caisse_file(file).overrides) == text


@pytest.mark.parametrize("portal", [NIMES, CCM_DIRECT, PARIS, CPMS | SIGNED])
def test_a_whole_policy_exports_too(file: Path, portal: dict[str, Any]) -> None:
    whole = effective(portal)
    file.write_text(to_toml(whole.document), encoding="utf-8")
    assert read_caisse_file(file).policy == whole.policy


def test_the_order_is_the_policys_and_values_come_before_tables() -> None:
    mixed = {
        "brand": {"theme": "warm"},
        "caisse": {"town": "T", "schema_name": "s"},
        "products": ["pawn_loans"],
    }
    assert to_toml(mixed) == (
        'products = ["pawn_loans"]\n\n[caisse]\nschema_name = "s"\ntown = "T"\n\n[brand]\ntheme = "warm"\n'
    )


def test_a_signature_is_written_with_a_date_and_a_text_in_two_languages_on_one_line() -> None:
    text = to_toml(SIGNED | {"texts": {"notice": {"fr": "Avis", "en": "Notice"}}})
    assert "on = 2026-10-05\n" in text
    assert 'notice = {fr = "Avis", en = "Notice"}' in text
    assert tomllib.loads(text)["acceptances"][0]["rule"] == "pin-alone"


def test_a_difference_says_the_path_and_both_values() -> None:
    old = document({"session": {"idle": "5 min"}, "second_factor": {"blind": True}})
    new = document({"session": {"idle": "9 min"}, "products": ["pawn_loans"]})
    assert [tuple(change) for change in diff(old, new)] == [
        ("products", None, '["pawn_loans"]'),
        ("session.idle", '"5 min"', '"9 min"'),
        ("second_factor.blind", "true", None),
    ]
    assert [str(change).replace("\u202f", " ") for change in diff(old, new)] == [
        '+ products = ["pawn_loans"]',
        '~ session.idle : "5 min" → "9 min"',
        "- second_factor.blind (était : true) : valeur de la plateforme",
    ]


@given(overrides(), overrides())
def test_a_difference_is_empty_exactly_between_equals(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert diff(first, first) == []
    assert (diff(first, second) == []) == (first == second)
    assert {change.path for change in diff(first, second)} == {change.path for change in diff(second, first)}


@given(overrides())
def test_nothing_in_a_difference_is_lost(written: dict[str, Any]) -> None:
    base = {"caisse": written["caisse"]}
    rebuilt: dict[str, Any] = base
    for change in diff(base, written):
        rebuilt = overlay(rebuilt, tomllib.loads(f"{change.path} = {change.new}"))
    assert canonical(rebuilt) == canonical(written)
