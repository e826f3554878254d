"""Every rule of the checks, seen to refuse and seen to pass."""

import math
import re
from typing import Any

import pytest

from tenants.policy.checks import RULES, run_checks
from tenants.policy.checks.secret import password_bits, pin_bits
from tenants.policy.inheritance import overlay
from tenants.policy.stored import parse_stored
from tests.tenants.policy.documents import CCM_DIRECT, CPMS, NIMES, PARIS, PLAIN, SIGNED, at, levels, policy
from tests.tenants.policy.rule_cases import CASES, PAYMENTS, TRANSFERS, WITHOUT_STEP


def test_a_plain_caisse_breaks_no_rule() -> None:
    assert levels() == {}


@pytest.mark.parametrize(("rule", "level", "common", "broken", "mended"), CASES)
def test_a_rule_is_red_when_broken_and_green_when_kept(
    rule: str, level: str, common: dict[str, Any], broken: dict[str, Any], mended: dict[str, Any]
) -> None:
    assert levels(overlay(common, broken)).get(rule) == level
    assert rule not in levels(overlay(common, mended))


def test_no_rule_is_without_a_case() -> None:
    assert {rule for rule, *_ in CASES} == set(RULES)


def test_every_path_that_a_finding_names_is_in_the_policy() -> None:
    for _, _, common, broken, _ in CASES:
        over = overlay(common, broken)
        for finding in run_checks(policy(over)):
            step: Any = policy(over)
            for key in finding.path.split("."):
                step = step[int(key)] if key.isdigit() else getattr(step, key)


def test_a_finding_is_said_in_words_and_not_in_keys() -> None:
    """The console shows it to people who write no file. What somebody wrote in one is quoted."""
    raw = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[a-z]+\.[a-z]+\b|\b(?:true|false|sms|totp|passkey)\b")
    said = {
        finding.message
        for _, _, common, broken, _ in CASES
        for finding in run_checks(policy(overlay(common, broken)))
        if finding.rule != "contrast"
    }
    assert [each for each in said if raw.search(re.sub("«[^»]*»", "", each))] == []


def test_only_articles_of_law_are_called_law() -> None:
    of_law = {rule.id for rule in RULES.values() if rule.label == "law"}
    assert of_law == {
        "boni-notice",
        "sale-notice",
        "nir-only-for-a-mutual",
        "rts-alert",
        "rts-blind",
        "rts-failures",
        "rts-idle",
        "rts-trusted-device",
        "rts-two-factors",
    }
    assert all("art. " in RULES[rule].source for rule in of_law)


def test_a_law_is_never_acceptable() -> None:
    assert {rule.id for rule in RULES.values() if rule.acceptable} == {"pin-alone", "password-bits"}


def test_card_payments_alone_ask_neither_blindness_nor_a_short_session() -> None:
    assert levels(PAYMENTS) == {}
    assert not policy(PAYMENTS).second_factor.blind


def test_nobody_signs_in_at_the_front_door() -> None:
    front = {"kind": "front", "schema_name": "public"}
    assert levels({"caisse": front, "second_factor": {"required": False}, "products": ["transfers"]}) == {}
    assert "contrast" in levels({"caisse": front, "brand": {"accent": "#F4C30B"}})


PORTALS: list[tuple[dict[str, Any], dict[str, str]]] = [
    (NIMES, {"sms-alone": "warning", "password-classes": "warning"}),
    (PARIS, {"sms-alone": "warning"}),
    (CPMS, {"pin-alone": "error", "one-step": "warning"}),
    (CPMS | SIGNED, {"pin-alone": "warning", "one-step": "warning"}),
    (CCM_DIRECT, {"password-bits": "warning"}),
]


@pytest.mark.parametrize(("portal", "expected"), PORTALS)
def test_the_portals_of_the_field_get_just_these_findings(
    portal: dict[str, Any], expected: dict[str, str]
) -> None:
    assert {finding.rule: finding.level for finding in run_checks(parse_stored(portal))} == expected


def test_a_signed_risk_names_who_signed_and_stays_in_sight() -> None:
    [finding] = [each for each in run_checks(parse_stored(CPMS | SIGNED)) if each.rule == "pin-alone"]
    assert "Odile Ferrand, directrice le 05/10/2026" in finding.message
    assert "19,9 bits" in finding.message


def test_signing_for_a_law_changes_nothing() -> None:
    signature = SIGNED["acceptances"][0] | {"rule": "rts-two-factors"}
    signed = overlay(TRANSFERS, WITHOUT_STEP | {"acceptances": [signature]})
    assert levels(signed)["rts-two-factors"] == "error"


def test_errors_come_first() -> None:
    over = at("secret.password.min_length", 7) | at("brand.theme", "nowhere") | WITHOUT_STEP
    found = [finding.level for finding in run_checks(policy(over))]
    assert found == sorted(found)
    assert {"error", "warning"} == set(found)


def test_bits_are_counted_as_the_study_of_the_cnil_does() -> None:
    rules = policy().secret.password
    assert pin_bits(6) == pytest.approx(19.93, abs=0.01)
    assert password_bits(rules.model_copy(update={"min_length": 8})) == pytest.approx(37.6, abs=0.01)
    every = {"min_special": 1, "min_digits": 1, "min_upper": 1, "min_lower": 1}
    assert password_bits(rules.model_copy(update=every)) == pytest.approx(12 * math.log2(99))


def test_the_cnils_own_example_for_a_password_alone_passes() -> None:
    every = {"min_special": 1, "min_digits": 1, "min_upper": 1, "min_lower": 1}
    alone = overlay(WITHOUT_STEP, {"secret": {"password": every}, "lockout": {"max_failures": 11}})
    assert "password-bits" not in levels(alone)
    assert levels(overlay(alone, at("secret.password.min_special", 0)))["password-bits"] == "error"


def test_a_finding_reads_as_a_sentence_with_its_rule_and_source() -> None:
    [finding] = run_checks(policy(at("second_factor.sms.lifetime", "15 min")))
    assert str(finding).replace("\u202f", " ") == (
        "un code par SMS est valable 10 min au plus [sms-lifetime, norme : OWASP ASVS 5.0, V6.5.5]"
    )


def test_a_plain_document_needs_no_more_than_the_caisse_and_an_example() -> None:
    assert set(PLAIN) == {"caisse", "identifier"}
