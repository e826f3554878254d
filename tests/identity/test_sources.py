"""Where tries come from: addresses, networks, and the wider networks around them."""

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import TryCounter
from tenant_apps.identity.sources import address_key, keys_of
from tenants.models import Caisse
from tests.identity.conftest import BrowserAt
from tests.identity.steps import CODE, WRONG, enter_secret, publish
from tests.world import ANNE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("198.51.100.7", "::ffff:198.51.100.7"),
        ("198.51.100.7", "64:ff9b::198.51.100.7"),
        ("2001:db8:0:1::7", "2001:db8:0:1:ffff::8"),
    ],
)
def test_two_ways_of_writing_one_source_are_one(alpha: Caisse, one: str, other: str) -> None:
    with tenant_context(alpha):
        assert address_key(address=one) == address_key(address=other)


def test_two_subscribers_of_one_site_share_its_counter_alone(alpha: Caisse) -> None:
    with tenant_context(alpha):
        first, second, elsewhere = (
            keys_of(address_key(address=each))
            for each in ("2001:db8:7:1::1", "2001:db8:7:2::1", "2001:db8:8:1::1")
        )
        assert first[0] == second[0] != elsewhere[0]
        assert first[1] != second[1]
        assert len(keys_of(address_key(address="64:ff9b::c633:6407"))) == 1
        columns = TryCounter._meta.get_field("key").max_length or 0
        assert max(map(len, first)) <= columns


def test_a_network_with_many_addresses_is_braked_as_one(
    alpha: Caisse, browser: Browser, browser_at: BrowserAt
) -> None:
    lockout = {"address_max_failures": 5, "network_max_failures": 6, "robots": "never"}
    publish(alpha, {"lockout": lockout})
    tries = [
        enter_secret(
            browser, identifier=f"19000000{number:02}", secret=WRONG, REMOTE_ADDR=f"2001:db8:7:{number}::1"
        )
        for number in range(7)
    ]
    assert [answer.status_code for answer in tries] == [200] * 6 + [429]
    with tenant_context(alpha):
        # The seventh did not reach the counter of its own address.
        assert TryCounter.objects.filter(scope="address").count() == 6
    assert enter_secret(browser, REMOTE_ADDR="2001:db8:7:99::1").status_code == 429
    assert enter_secret(browser_at(ANNE.host), REMOTE_ADDR="2001:db8:8::1").headers["Location"] == CODE


def test_a_success_gives_its_count_back_to_the_network_too(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, {"lockout": {"address_max_failures": 5, "network_max_failures": 5}})
    enter_secret(browser, REMOTE_ADDR="2001:db8:7::1")
    with tenant_context(alpha):
        assert set(TryCounter.objects.values_list("scope", "failures")) == {
            ("network", 0),
            ("address", 0),
            ("account", 0),
        }
