"""`manage.py demo accounts`: who can sign in to the demo, and how, for people and for programmes."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from tenant_apps.demo.accounts import host_of
from tenants.policy.identifiers import format_of
from tenants.policy.reading import read_caisse_file
from tenants.policy.staff import staff_policy
from tests.commands.running import run

ALWAYS = {"caisse", "host", "sign_in", "mailbox", "kind", "name", "identifier", "story"}
# Without a secret, the first connection is awaited.
KEYS = ALWAYS | {"secret", "totp_key", "enrolled"}


@pytest.fixture
def accounts() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run("demo", "accounts", "--json").said)
    return found


def test_each_account_says_where_and_how_to_sign_in(accounts: list[dict[str, str]]) -> None:
    assert accounts
    for account in accounts:
        assert set(account) == KEYS
        assert all(account[key] for key in ALWAYS), account
        door = "/agence/connexion/" if account["kind"] == "staff" else "/connexion/"
        assert account["sign_in"] == f"http://{account['host']}:{settings.DEMO_PORT}{door}"


def test_each_identifier_is_one_that_its_caisse_takes(accounts: list[dict[str, str]]) -> None:
    folder = Path(settings.FIXTURES) / "caisses"
    for account in accounts:
        policy = read_caisse_file(folder / f"{account['caisse']}.toml").policy
        rules = staff_policy(policy) if account["kind"] == "staff" else policy
        assert format_of(rules.identifier).normalise(account["identifier"])
        assert host_of(account["caisse"]) == account["host"] == policy.caisse.domains[0]


def test_no_two_people_of_a_caisse_share_an_identifier(accounts: list[dict[str, str]]) -> None:
    times = Counter((account["caisse"], account["kind"], account["identifier"]) for account in accounts)
    assert set(times.values()) == {1}


def test_for_people_it_prints_addresses_identifiers_and_secrets(accounts: list[dict[str, str]]) -> None:
    printed = run("demo", "accounts").said
    for account in accounts:
        for key in ("sign_in", "mailbox", "name", "identifier", "secret"):
            assert account[key] in printed


def test_it_asks_nothing_of_the_database(accounts: list[dict[str, str]]) -> None:
    """pytest-django would refuse a query here: the test asks for no database."""
    assert {account["caisse"] for account in accounts} >= {"nimes", "paris", "gie"}
