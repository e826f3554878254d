"""What a payment provider tells: signed, once, about a payment of this very caisse, suspended or not."""

import logging

import pytest
from django.db import OperationalError
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.payments.models import Payment, TakenEvent
from tenant_apps.payments.services import forged
from tenant_apps.payments.services.forged import EVERY
from tenants.models import Caisse
from tests.clock import Clock
from tests.payments.bank import Bank, captured
from tests.payments.conftest import ONE
from tests.payments.counter_product import Counter
from tests.payments.paying import again, begun
from tests.world import NOON

ADDRESS = "/retours/paiement/default/"


@pytest.fixture
def payment(client: Client, counter: Counter, bank: type[Bank]) -> Payment:
    counter.prices[ONE] = Money.of(15)
    found = begun(client, ONE)
    bank.events["news"] = captured(found.uuid, Money.of(15), NOON)
    return found


def tell(host: str = "alpha.localhost", *, signed: bool = True, address: str = ADDRESS) -> int:
    """The status of the answer. Nobody's browser: no cookie, no token."""
    browser = Browser(HTTP_HOST=host, SERVER_NAME=host, enforce_csrf_checks=True)
    headers = {"X-Bank": "signed"} if signed else {}
    return int(browser.post(address, "news", content_type="application/json", headers=headers).status_code)


def state(caisse: Caisse, payment: Payment) -> str:
    with tenant_context(caisse):
        return again(payment).state


def test_a_signed_word_is_taken_and_the_same_again_is_answered_alike(alpha: Caisse, payment: Payment) -> None:
    assert [tell(), tell()] == [204, 204]
    assert state(alpha, payment) == "applied"
    with tenant_context(alpha):
        assert TakenEvent.objects.count() == 1


def test_a_forged_word_is_refused_and_told_once_a_minute(
    alpha: Caisse,
    payment: Payment,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As a process that was told of none yet.
    monkeypatch.setattr(forged, "_forged", type(forged._forged)())
    with caplog.at_level(logging.WARNING):
        assert [tell(signed=False) for _ in range(3)] == [403, 403, 403]
        clock.move(seconds=EVERY.total_seconds())
        assert tell(signed=False) == 403
    assert [each.args for each in caplog.records if "not signed" in each.message] == [(1,), (3,)]
    assert state(alpha, payment) == "waiting"


def test_what_is_about_another_caisses_payment_changes_nothing_anywhere(
    alpha: Caisse, beta: Caisse, payment: Payment
) -> None:
    assert tell("beta.localhost") == 204
    assert state(alpha, payment) == "waiting"
    with tenant_context(beta):
        assert not TakenEvent.objects.exists()


def test_a_provider_that_the_list_does_not_have_has_no_address(payment: Payment) -> None:
    assert tell(address="/retours/paiement/autre/") == 404


def test_a_failure_of_ours_is_said_so_that_the_provider_says_it_again(
    alpha: Caisse, payment: Payment, counter: Counter
) -> None:
    counter.breaks[ONE] = OperationalError("deadlock detected")
    browser = Browser(
        HTTP_HOST="alpha.localhost", SERVER_NAME="alpha.localhost", raise_request_exception=False
    )
    answer = browser.post(ADDRESS, "news", content_type="application/json", headers={"X-Bank": "signed"})
    assert answer.status_code == 500
    assert state(alpha, payment) == "waiting"
    counter.breaks.clear()
    assert tell() == 204
    assert state(alpha, payment) == "applied"
