"""A blind sign-in that was the last try of its address: the brake goes with its own count, and no other brake does."""

import pytest
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import TryCounter
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt, Worker
from tests.identity.steps import (
    CODE,
    WRONG,
    address_failures,
    enter_code,
    enter_secret,
    publish,
    sms_codes,
    wrong_code,
)
from tests.world import BRUNO

# One failure leaves in a minute.
BRAKE = {"address_max_failures": 5, "address_forget_after": "5 min", "address_window": "2 min"}
# One address and the network around it; an IPv4 address has none.
SOURCES = ["198.51.100.7", "2001:db8:7::1"]


@pytest.fixture(autouse=True)
def blind(beta: Caisse, clock: Clock) -> Caisse:
    rules = {"robots": "never", "network_max_failures": 5, **BRAKE}
    publish(beta, {"second_factor": {"blind": True}, "lockout": rules})
    return beta


def strangers_fail(browser_at: BrowserAt, source: str, *, times: int) -> list[int]:
    """Each on an account of nobody's; the answers."""
    tries = [
        enter_secret(
            browser_at(BRUNO.host), identifier=f"177777777{number}", secret=WRONG, REMOTE_ADDR=source
        )
        for number in range(times)
    ]
    return [answer.status_code for answer in tries]


@pytest.mark.parametrize("source", SOURCES)
def test_a_whole_sign_in_takes_off_the_brake_that_it_had_put_on(
    blind: Caisse, browser_at: BrowserAt, worker: Worker, source: str
) -> None:
    strangers_fail(browser_at, source, times=4)
    owner = browser_at(BRUNO.host)
    assert enter_secret(owner, BRUNO, REMOTE_ADDR=source).headers["Location"] == CODE
    assert strangers_fail(browser_at, source, times=1) == [429]
    worker.run()
    assert enter_code(owner, sms_codes(blind)[-1]).headers["Location"] == "/"
    assert address_failures(blind) == 4
    with tenant_context(blind):
        assert not TryCounter.objects.exclude(locked_until=None).exists()
    assert strangers_fail(browser_at, source, times=2) == [302, 429]


def test_a_wrong_code_leaves_it_on(blind: Caisse, browser_at: BrowserAt, worker: Worker) -> None:
    strangers_fail(browser_at, SOURCES[0], times=4)
    owner = browser_at(BRUNO.host)
    enter_secret(owner, BRUNO, REMOTE_ADDR=SOURCES[0])
    worker.run()
    right = sms_codes(blind)[-1]
    enter_code(owner, wrong_code(right))
    assert enter_code(owner, right).headers["Location"] == "/"
    assert strangers_fail(browser_at, SOURCES[0], times=1) == [429]


def test_the_brake_that_another_has_put_on_since_stays(
    blind: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock
) -> None:
    strangers_fail(browser_at, SOURCES[0], times=4)
    owner = browser_at(BRUNO.host)
    enter_secret(owner, BRUNO, REMOTE_ADDR=SOURCES[0])
    worker.run()
    clock.move(minutes=2)
    assert strangers_fail(browser_at, SOURCES[0], times=3) == [302, 302, 429]
    assert enter_code(owner, sms_codes(blind)[-1]).headers["Location"] == "/"
    assert strangers_fail(browser_at, SOURCES[0], times=1) == [429]
