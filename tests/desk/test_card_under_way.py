"""Somebody pays by card while somebody else is about to take money for the same contract."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.pawn.links import KIND
from tenant_apps.pawn.models import Contract
from tenant_apps.payments.services.quoting import Wanted, open_basket
from tenant_apps.payments.services.start_payment import PAGE_OPEN, start_payment
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.conftest import BrowserAt
from tests.desk.counter import statements, words
from tests.desk.test_contracts import at, at_work, contract, page, send
from tests.identity.steps import publish
from tests.pawn.loans.lending import START
from tests.pawn.pledges import enter
from tests.payments.bank import Bank
from tests.world import ANNE

__all__ = ["at_work", "contract"]

UNDER_WAY = "est en cours depuis 10 h 00 pour ce contrat"


@pytest.fixture(autouse=True)
def bank() -> Iterator[None]:
    Bank.reset()
    yield
    Bank.reset()


@pytest.fixture
def begun(alpha: Caisse, contract: Contract) -> Contract:
    """The client has the page of the bank open for it."""
    publish(alpha, {"products": ["pawn_loans", "payments", "documents"]})
    with tenant_context(alpha):
        now, wanted = at(START), [Wanted(kind=KIND, reference=contract.uuid, act="redeem")]
        quote = open_basket(client=contract.client, wanted=wanted, now=now)
        start_payment(client=contract.client, quote=quote, form=uuid4(), now=now)
    return contract


def test_who_takes_money_is_told_of_a_card_payment_under_way_and_what_to_do(
    desk: Browser, begun: Contract, at_work: Clock
) -> None:
    checked = send(desk, page(begun, "paiement/"), what="redeem", means="cash")
    for said in (words(desk.get(page(begun, "paiement/"))), words(checked)):
        assert UNDER_WAY in said
        assert "Demandez au client s’il vient de payer" in said
        assert "attendez 10 h 40" in said
    assert "Vérifiez avant d’encaisser" in words(checked)
    at_work.set_to(at(START) + PAGE_OPEN + timedelta(seconds=1))
    assert UNDER_WAY not in words(desk.get(page(begun, "paiement/")))


def test_without_one_nothing_is_said_and_it_costs_one_query(
    alpha: Caisse, desk: Browser, contract: Contract
) -> None:
    address = page(contract, "paiement/")
    publish(alpha, {"products": ["pawn_loans", "payments", "documents"]})
    assert "est en cours depuis" not in words(desk.get(address))
    asked = [each for each in statements(desk, address) if '"payments_payment"."expires_at" >' in each]
    assert len(asked) == 1


def test_the_client_reads_it_before_choosing_under_the_one_name_of_its_link(
    alpha: Caisse, begun: Contract, browser_at: BrowserAt
) -> None:
    browser = enter(browser_at(ANNE.host), alpha)
    for address in (f"/contrats/{begun.uuid}/", f"/contrats/{begun.uuid}/payer/", "/contrats/payer/"):
        said = words(browser.get(address))
        assert "Un paiement par carte est commencé pour" in said, address
        assert "Continuer ce paiement" in said, address
