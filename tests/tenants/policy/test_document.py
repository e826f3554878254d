"""The shape of a policy, and that the portals of the field fit in it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from tenants.policy.document import Policy
from tenants.policy.inheritance import defaults_for_kind, effective, overlay
from tenants.policy.sections.identifier import BY_KIND
from tenants.policy.shape import models_in
from tenants.policy.stored import parse_stored
from tests.tenants.policy.documents import CCM_DIRECT, CPMS, NIMES, PARIS, PLAIN, at, policy


def _fields(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        yield f"{path}{name}", field
        for below in models_in(field.annotation):
            yield from _fields(below, f"{path}{name}.")


def test_every_field_says_what_it_is_for() -> None:
    assert [path for path, field in _fields(Policy) if not field.description] == []


def test_no_field_has_a_default_beside_the_platform_file() -> None:
    assert [path for path, field in _fields(Policy) if not field.is_required()] == []


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_a_caisse_that_says_only_who_it_is_has_a_whole_policy(kind: str) -> None:
    whole = parse_stored({"caisse": PLAIN["caisse"], "identifier": {"kind": kind}})
    assert whole.identifier.kind == kind
    assert whole.identifier.min_length <= whole.identifier.max_length


def test_the_platform_states_nothing_that_no_field_reads() -> None:
    stated = overlay(defaults_for_kind(None), {"caisse": PLAIN["caisse"]})
    assert effective(stated).policy == effective({"caisse": PLAIN["caisse"]}).policy


def test_a_policy_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        policy().lockout.max_failures = 50  # type: ignore[misc]  # that it is refused is the point


def test_nimes_reads_as_its_manual_says() -> None:
    nimes = parse_stored(NIMES)
    assert (nimes.identifier.min_length, nimes.identifier.max_length) == (10, 11)
    assert nimes.second_factor.sms.code_length == 6
    assert nimes.recovery.link_lifetime == nimes.activation.link_lifetime == timedelta(hours=24)
    assert nimes.recovery.identifier_asks == ("client_number", "birth_date", "contract_number")


def test_ccm_direct_reads_as_its_manual_says() -> None:
    direct = parse_stored(CCM_DIRECT)
    assert direct.lockout.max_failures == 5
    assert direct.lockout.wait is None
    assert direct.lockout.until_agency
    assert direct.activation.sends == ("email_identifier", "sms_password")


def test_paris_reads_as_its_manual_says() -> None:
    paris = parse_stored(PARIS)
    assert paris.recovery.proofs == ("email_link", "sms_code")
    assert paris.recovery.link_lifetime == timedelta(hours=12)
    assert paris.recovery.code.length == 5


def test_cpms_reads_as_its_manual_says() -> None:
    cpms = parse_stored(CPMS)
    assert cpms.identifier.kind == "nir"
    assert (cpms.secret.kind, cpms.secret.pin.length) == ("pin", 6)
    assert (cpms.lockout.max_failures, cpms.lockout.wait) == (3, timedelta(minutes=1))
    assert (cpms.terms.version, cpms.terms.required) == ("2026-11", False)


REFUSED: list[tuple[str, Any]] = [
    ("lockout.max_failures", "5"),
    ("lockout.max_failures", 5.5),
    ("lockout.max_failures", True),
    ("lockout.max_failures", 0),
    ("lockout.until_agency", "yes"),
    ("lockout.wait", 300),
    ("lockout.wait", "2 jours"),
    ("session.idle", "none"),
    ("products", "pawn_loans"),
    ("products", ["pawn_loans", "pawn_loans"]),
    ("products", ["casino"]),
    ("caisse.domains", []),
    ("caisse.domains", ["lune.localhost", "LUNE.localhost."]),
    ("caisse.domains", ["lune.localhost:8000"]),
    ("caisse.domains", ["https://lune.localhost"]),
    ("caisse.name", "Lune\u202egnirts"),
    ("caisse.name", "Lune\nBcc: x@example.org"),
    ("senders.mail_from_name", "Lune <x@example.org>"),
    ("senders.mail_address", "lune@localhost\n"),
    ("senders.mail_address", "a..b@example.org"),
    ("senders.sms_sender", "CAISSE DE LUNE"),
    ("senders.sms_sender", "0639980000"),
    ("senders.sms_sender", "CAISSÉ"),
    ("brand.accent", "red"),
    ("brand.accent", "#B4430B;}"),
    ("brand.theme", "../warm"),
    ("texts.notice.fr", "avis\x00"),
    ("texts.notice.de", "Hinweis"),
    ("second_factor.methods", ["email"]),
    ("identifier.kind", "phone"),
]


@pytest.mark.parametrize(("path", "value"), REFUSED)
def test_a_value_of_another_kind_is_refused(path: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        policy(at(path, value))
    assert refused.value.error_count() == 1


@pytest.mark.parametrize(
    "name",
    [
        "Lune",
        "1lune",
        "lu-ne",
        "lune; drop",
        "pg_lune",
        "zz_lune",
        "information_schema",
        "",
        "l" * 40,
        "lüne",
    ],
)
def test_a_hostile_schema_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="schéma"):
        policy(at("caisse.schema_name", name))


@pytest.mark.parametrize(("kind", "schema"), [("caisse", "public"), ("gie", "public"), ("front", "lune")])
def test_public_is_the_front_doors_and_the_front_doors_alone(kind: str, schema: str) -> None:
    with pytest.raises(ValidationError, match="public"):
        policy({"caisse": {"kind": kind, "schema_name": schema}})
    assert policy({"caisse": {"kind": "front", "schema_name": "public"}}).caisse.kind == "front"


def test_a_text_falls_back_on_french() -> None:
    text = policy({"texts": {"notice": {"fr": "Bonjour", "en": ""}}}).texts.notice
    assert (text.for_language("en"), text.for_language("fr"), str(text)) == ("Bonjour", "Bonjour", "Bonjour")
    both = policy({"texts": {"notice": {"fr": "Bonjour", "en": "Hello"}}}).texts.notice
    assert (both.for_language("en-gb"), both.for_language("fr-fr")) == ("Hello", "Bonjour")
    assert not policy().texts.notice


def test_hosts_are_kept_as_a_request_names_them() -> None:
    hosts: Mapping[str, Any] = {"caisse": {"domains": ["Lune.Localhost.", "crédit.example.org"]}}
    assert policy(hosts).caisse.domains == ("lune.localhost", "xn--crdit-csa.example.org")
