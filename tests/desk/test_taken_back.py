"""A bank takes back what a contract was redeemed with: the counter is told before it hands the object over."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.pawn.links import KIND
from tenant_apps.pawn.models import Contract, Handover
from tenant_apps.payments.domain.outcomes import Dispute, Event, Outcome, Said
from tenant_apps.payments.models import Payment
from tenant_apps.payments.selectors import disputed_among
from tenant_apps.payments.services.quoting import Wanted, open_basket
from tenant_apps.payments.services.start_payment import start_payment
from tenant_apps.payments.services.take_event import take_event
from tenants.models import Caisse
from tests.desk.counter import journal, words
from tests.desk.test_contracts import send
from tests.identity.steps import publish
from tests.pawn.loans.conftest import PRICES
from tests.pawn.loans.lending import apply_grid, lend
from tests.pawn.pledges import enter
from tests.payments.bank import Bank
from tests.payments.paying import PROVIDER, pay
from tests.world import ANNE

WHO = {"name": "Anne Alpha", "document": "passport", "receipt": "on"}
KEEP = "Ne remettez pas l’objet avant d’avoir vu avec la comptabilité."
AGREED = "La comptabilité est d’accord"


@pytest.fixture(autouse=True)
def bank(alpha: Caisse, beta: Caisse) -> Iterator[None]:
    """Two caisses, of which alpha lends."""
    Bank.reset()
    publish(alpha, {"pawn": {"metal_prices": PRICES}})
    with tenant_context(alpha):
        apply_grid()
    yield
    Bank.reset()


@pytest.fixture
def payment(alpha: Caisse) -> Payment:
    """What a contract was redeemed with."""
    now = timezone.now()
    with tenant_context(alpha):
        contract = lend(on=timezone.localdate(now) - timedelta(days=60))
        wanted = [Wanted(kind=KIND, reference=contract.uuid, act="redeem")]
        quote = open_basket(client=contract.client, wanted=wanted, now=now)
        started = start_payment(client=contract.client, quote=quote, form=uuid4(), now=now)
        found = Payment.objects.get(uuid=started.payment)
        pay(found, now=now, capture="c-1")
        assert Contract.objects.get(pk=contract.pk).state == "redeemed"
        return found


def the_bank(alpha: Caisse, payment: Payment, *said: Any) -> None:
    with tenant_context(alpha):
        for how in said:
            dispute = Dispute(capture="c-1", amount=payment.total, how=how)
            event = Event(id=f"e-{how}", outcome=Outcome(said=Said.OPEN, at=timezone.now()), dispute=dispute)
            assert take_event(provider=PROVIDER, event=event, now=timezone.now())


def page(alpha: Caisse, act: str = "") -> str:
    with tenant_context(alpha):
        return f"/agence/contrats/{Contract.objects.get(state='redeemed').uuid}/{act}"


@pytest.mark.parametrize(
    ("said", "warned"),
    [
        (("disputed",), "La banque du client veut reprendre"),
        (("disputed", "dispute_lost"), "La banque du client a repris"),
    ],
)
def test_what_a_bank_takes_back_is_handed_over_only_with_the_agreement_of_the_accountants(
    alpha: Caisse, desk: Browser, payment: Payment, said: tuple[str, ...], warned: str
) -> None:
    the_bank(alpha, payment, *said)
    for each in (page(alpha), page(alpha, "remise/")):
        shown = words(desk.get(each))
        assert warned in shown
        assert KEEP in shown
    refused = words(send(desk, page(alpha, "remise/"), **WHO))
    assert "l’objet ne se remet qu’avec l’accord de la comptabilité" in refused
    assert "Anne Alpha" in refused
    with tenant_context(alpha):
        assert not Handover.objects.exists()
    assert send(desk, page(alpha, "remise/"), **WHO, agreed="on").status_code == 302
    assert journal(alpha, "pawn.handed_over")[0].details["accountants"] == "agreed"
    after = words(desk.get(page(alpha)))
    assert "avec l’accord de la comptabilité" in after
    assert "Les objets sont déjà remis" in after
    assert KEEP not in after


@pytest.mark.parametrize("said", [(), ("disputed", "dispute_won")])
def test_what_no_bank_takes_back_is_handed_over_as_ever(
    alpha: Caisse, desk: Browser, payment: Payment, said: tuple[str, ...]
) -> None:
    the_bank(alpha, payment, *said)
    assert KEEP not in words(desk.get(page(alpha)))
    assert AGREED not in words(desk.get(page(alpha, "remise/")))
    assert send(desk, page(alpha, "remise/"), **WHO, agreed="on").status_code == 302
    assert "accountants" not in journal(alpha, "pawn.handed_over")[0].details


@pytest.mark.parametrize(
    ("said", "invited"),
    [
        ((), True),
        (("disputed",), False),
        (("disputed", "dispute_lost"), False),
        (("disputed", "dispute_won"), True),
    ],
)
def test_the_client_is_not_told_to_come_for_what_their_bank_takes_back(
    alpha: Caisse,
    browser_at: Callable[[str], Browser],
    payment: Payment,
    said: tuple[str, ...],
    invited: bool,
) -> None:
    the_bank(alpha, payment, *said)
    shown = words(enter(browser_at(ANNE.host), alpha).get(f"/paiements/{payment.uuid}/"))
    assert ("Et maintenant" in shown) is invited
    assert ("Prendre rendez-vous" in shown) is invited


def test_disputes_are_asked_for_at_once_and_only_in_their_own_caisse(
    alpha: Caisse, beta: Caisse, payment: Payment
) -> None:
    the_bank(alpha, payment, "disputed")
    asked = [payment.uuid, *(uuid4() for _ in range(20))]
    with tenant_context(alpha):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found = disputed_among(uuids=asked)
            assert disputed_among(uuids=[]) == []
        assert [(each.payment, each.lost, each.amount) for each in found] == [
            (payment.uuid, False, payment.total)
        ]
        assert len([each for each in seen if "payments_payment" in each["sql"]]) == 1
    with tenant_context(beta):
        assert disputed_among(uuids=asked) == []
