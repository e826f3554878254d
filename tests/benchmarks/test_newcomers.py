"""The invented caisses and clients of bin/bench, and what its browsers read."""

import pytest

from benchmarks.browsing import NoFormError, token_of
from benchmarks.ours.caisses import MODELS, invented
from benchmarks.people import newcomers
from tenants.policy.checks import run_checks
from tenants.policy.identifiers import format_of
from tenants.policy.stored import parse_stored


@pytest.mark.parametrize("number", range(300, 300 + len(MODELS)))
def test_an_invented_caisse_is_one_that_could_be_applied(number: int) -> None:
    _, version = invented(schema=f"bench_{number}", number=number)
    policy = parse_stored(version.document)
    assert [each for each in run_checks(policy) if each.level == "error"] == []


def test_two_invented_caisses_share_neither_host_nor_look() -> None:
    rows, versions = zip(*(invented(schema=f"bench_{n}", number=n) for n in range(300)), strict=True)
    assert len({row.domains[0] for row in rows}) == 300
    assert len({str(version.document["brand"]) for version in versions}) == 300


def test_a_newcomer_has_an_identifier_that_nimes_accepts() -> None:
    rules = parse_stored(invented(schema="nimes", number=0)[1].document).identifier
    for person in newcomers(first=0, count=2):
        assert format_of(rules).normalise(person.identifier) == person.identifier


def test_newcomers_share_no_identifier_and_no_phone_and_are_the_same_each_time() -> None:
    people = newcomers(first=0, count=10_000)
    assert len({each.identifier for each in people}) == len({each.mobile for each in people}) == 10_000
    assert all(each.mobile.startswith("+3363998") and len(each.mobile) == 12 for each in people)
    assert newcomers(first=7, count=1) == [people[7]]


def test_the_token_of_a_form_is_read_off_its_page() -> None:
    page = '<form><input type="hidden" name="csrfmiddlewaretoken" value="a1B2"><input name="code" value=""></form>'
    assert token_of(page) == "a1B2"
    with pytest.raises(NoFormError):
        token_of("<p>Une page sans formulaire.</p>")
