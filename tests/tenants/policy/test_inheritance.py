"""The platform's default, the caisse's values over it, and where each value comes from."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given

from tenants.policy.inheritance import UnknownPathError, effective, leaves, merged, overlay
from tenants.policy.stored import canonical, document_digest, parse_stored
from tests.tenants.policy.documents import CAISSE, PLAIN, document, overrides


def test_a_value_that_the_caisse_writes_is_the_caisses() -> None:
    found = effective(document({"second_factor": {"sms": {"lifetime": "7 min"}}}))
    assert found.policy.second_factor.sms.lifetime.total_seconds() == 420
    assert found.provenance("second_factor.sms.lifetime") == "caisse"
    assert found.provenance("second_factor.sms.cool_down") == "platform"


def test_writing_the_platforms_own_value_makes_it_the_caisses() -> None:
    found = effective(document({"second_factor": {"blind": False}}))
    assert found.provenance("second_factor.blind") == "caisse"


@pytest.mark.parametrize("path", ["second_factor", "second_factor.sms", "nothing.here", ""])
def test_only_a_single_value_has_an_origin(path: str) -> None:
    with pytest.raises(UnknownPathError):
        effective(document()).provenance(path)


def test_a_list_replaces_the_whole_list() -> None:
    assert parse_stored(document({"second_factor": {"methods": ["totp"]}})).second_factor.methods == ("totp",)


def test_another_kind_of_identifier_inherits_what_the_platform_says_of_that_kind() -> None:
    found = effective({"caisse": CAISSE, "identifier": {"kind": "nir"}})
    assert found.policy.identifier.kind == "nir"
    assert found.provenance("identifier.kind") == "caisse"
    assert found.provenance("identifier.hint.fr") == "platform"


@given(overrides())
def test_every_value_has_exactly_one_origin(written: dict[str, Any]) -> None:
    found = effective(written)
    own = {path for path, _ in leaves(written)}
    assert set(found.origins) == {path for path, _ in leaves(found.document)}
    assert {path for path, origin in found.origins.items() if origin == "caisse"} == own


@given(overrides())
def test_what_the_caisse_writes_is_what_holds(written: dict[str, Any]) -> None:
    values = dict(leaves(effective(written).document))
    assert all(values[path] == value for path, value in leaves(canonical(written)))


@given(overrides(), overrides())
def test_what_the_caisse_leaves_out_is_the_platforms(written: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = effective(written), effective(other)
    values = dict(leaves(second.document))
    for path, value in leaves(first.document):
        if first.origins[path] == second.origins[path] == "platform":
            assert values[path] == value


@given(overrides())
def test_a_merge_changes_neither_side_and_merging_twice_changes_nothing(written: dict[str, Any]) -> None:
    before = deepcopy(written)
    once = merged(written)
    assert written == before
    assert overlay(once, written) == once
    assert merged({"caisse": CAISSE}) == merged({"caisse": CAISSE})


@given(overrides())
def test_the_normal_form_is_the_same_policy_and_is_its_own_normal_form(written: dict[str, Any]) -> None:
    normal = canonical(written)
    assert parse_stored(normal) == parse_stored(written)
    assert canonical(normal) == normal


def test_two_ways_to_write_a_duration_are_one_document() -> None:
    hour = canonical(document({"session": {"idle": "60 min"}}))
    assert hour == canonical(document({"session": {"idle": "1 h"}}))


def test_the_digest_does_not_depend_on_the_order_of_keys_but_on_every_value() -> None:
    mixed = dict(reversed(document({"lockout": {"max_failures": 4}}).items()))
    assert document_digest(mixed) == document_digest(document({"lockout": {"max_failures": 4}}))
    assert document_digest(mixed) != document_digest(document({"lockout": {"max_failures": 5}}))
    assert len(document_digest(PLAIN)) == 64
