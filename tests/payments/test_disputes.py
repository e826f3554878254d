"""A client who has the bank take a payment back: the agency learns of it, and nothing undoes itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.journal.models import Event as Journalled
from tenant_apps.payments.domain.stripe import read_event
from tenant_apps.payments.models import Payment, Refund
from tenant_apps.payments.selectors import count_held
from tenant_apps.payments.services.held import DisputedError, apply_held, refund_held
from tenant_apps.payments.services.take_event import take_event
from tenants.models import Caisse
from tests.identity.steps import mails
from tests.messaging.conftest import republish
from tests.pawn.pledges import words
from tests.payments.bank import Bank
from tests.payments.conftest import ONE
from tests.payments.counter_product import Counter
from tests.payments.paying import PROVIDER, SOON, again, begun, lines, pay
from tests.payments.test_stripe import event
from tests.world import NOON


@pytest.fixture(autouse=True)
def _at_work(bank: type[Bank], counter: Counter) -> None:
    counter.prices[ONE] = Money.of(15)


def said(kind: str, status: str, capture: str, **more: Any) -> bytes:
    thing = {
        "id": "dp_1",
        "payment_intent": capture,
        "amount": 1500,
        "currency": "eur",
        "status": status,
        "metadata": {},
        **more,
    }
    return event(f"charge.dispute.{kind}", thing).replace(b"evt_1", f"evt_{kind}".encode())


@pytest.mark.parametrize(("status", "ended"), [("lost", "dispute_lost"), ("won", "dispute_won")])
def test_a_dispute_is_journalled_once_with_its_sum_and_so_is_its_end(
    client: Client, status: str, ended: str
) -> None:
    payment = begun(client, ONE)
    pay(payment, capture="pi_1")
    for _ in range(2):
        take_event(provider=PROVIDER, event=read_event(said("created", "needs_response", "pi_1")), now=SOON)
    take_event(provider=PROVIDER, event=read_event(said("updated", "under_review", "pi_1")), now=SOON)
    take_event(provider=PROVIDER, event=read_event(said("closed", status, "pi_1")), now=SOON)
    found = Journalled.objects.filter(kind__startswith="payment.disput").order_by("id")
    assert [each.kind for each in found] == ["payment.disputed", f"payment.{ended}"]
    assert {each.details["amount"] for each in found} == {"15.00"}
    assert {each.details["payment"] for each in found} == {str(payment.uuid)}
    assert (again(payment).state, lines(payment)) == ("applied", ["applied"])


def test_its_client_is_told_of_it_and_of_its_end_once_each(
    anne: Browser, alpha: Caisse, client: Client
) -> None:
    with tenant_context(alpha):
        payment = begun(client, ONE)
        pay(payment, capture="pi_1")
        for _ in range(2):
            take_event(
                provider=PROVIDER, event=read_event(said("created", "needs_response", "pi_1")), now=SOON
            )
    page = f"/paiements/{payment.uuid}/"
    assert "La banque de la carte redemande 15,00 €" in words(anne.get(page))
    assert "Merci" not in words(anne.get(page))
    assert "Contesté par la banque de la carte" in words(anne.get("/paiements/"))
    with tenant_context(alpha):
        take_event(provider=PROVIDER, event=read_event(said("closed", "lost", "pi_1")), now=SOON)
    assert "La banque de la carte a repris 15,00 €" in words(anne.get(page))
    told = mails(alpha, kind="payment_disputed")
    assert ["Rien n’est annulé" in each for each in told] == [True, False]
    assert "Appelez l’agence pour savoir ce que vous devez" in told[1]


def test_the_day_until_which_it_can_be_answered_is_kept_when_it_ends(client: Client) -> None:
    payment = begun(client, ONE)
    pay(payment, capture="pi_1")
    until = NOON + timedelta(days=9)
    evidence = {"due_by": int(until.timestamp()), "has_evidence": False}
    event = read_event(said("created", "needs_response", "pi_1", evidence_details=evidence))
    take_event(provider=PROVIDER, event=event, now=SOON)
    take_event(provider=PROVIDER, event=read_event(said("closed", "won", "pi_1")), now=SOON)
    assert again(payment).answer_by == until


@pytest.mark.parametrize(("ended", "may"), [("", False), ("lost", False), ("won", True)])
def test_a_held_sum_that_the_bank_may_take_back_is_neither_given_back_nor_used(
    client: Client, counter: Counter, ended: str, may: bool
) -> None:
    counter.spilt[ONE] = "redeemed"
    payment = begun(client, ONE)
    pay(payment, capture="pi_1")
    counter.spilt.clear()
    take_event(provider=PROVIDER, event=read_event(said("created", "needs_response", "pi_1")), now=SOON)
    if ended:
        take_event(provider=PROVIDER, event=read_event(said("closed", ended, "pi_1")), now=SOON)
    asked: dict[str, Any] = {"payment": payment.uuid, "position": 0, "by": ONE, "reason": "x", "now": SOON}
    if may:
        assert apply_held(**asked)
        return
    for act in (apply_held, refund_held):
        with pytest.raises(DisputedError):
            act(**asked)
    assert (lines(payment), Refund.objects.count()) == (["held"], 0)
    # What is gone waits for nobody's decision.
    assert count_held() == (0 if ended == "lost" else 1)


def test_a_dispute_of_what_another_caisse_captured_is_none_of_ours(client: Client) -> None:
    pay(begun(client, ONE), capture="pi_1")
    for capture in ("pi_2", ""):
        event = read_event(said("created", "needs_response", capture))
        assert take_event(provider=PROVIDER, event=event, now=SOON) is False
    assert not Journalled.objects.filter(kind="payment.disputed").exists()


def tell(kind: str, status: str, capture: str = "pi_1") -> bool:
    return take_event(provider=PROVIDER, event=read_event(said(kind, status, capture)), now=SOON)


def test_a_dispute_that_is_told_before_its_capture_is_noted_with_it_once(
    alpha: Caisse, client: Client
) -> None:
    payment = begun(client, ONE)
    for _ in range(2):
        assert tell("created", "needs_response") is False
    assert tell("created", "needs_response", "pi_9") is False
    pay(payment, capture="pi_1")
    found = again(payment)
    assert (found.state, found.dispute, found.disputed) == ("applied", "open", Money.of(15))
    assert tell("created", "needs_response") is False
    assert Journalled.objects.filter(kind="payment.disputed").count() == 1
    assert len(mails(alpha, kind="payment_disputed")) == 1


def test_all_that_was_told_of_a_capture_before_it_is_noted_in_its_order(client: Client) -> None:
    payment = begun(client, ONE)
    tell("created", "needs_response")
    tell("closed", "lost")
    pay(payment, capture="pi_1")
    assert again(payment).dispute == "lost"


def test_a_dispute_told_before_a_second_capture_is_of_that_one(client: Client) -> None:
    payment = begun(client, ONE)
    pay(payment, capture="pi_1")
    tell("created", "needs_response", "pi_2")
    pay(payment, capture="pi_2", name="twice")
    assert again(payment).dispute == ""
    assert Payment.objects.get(capture="pi_2").dispute == "open"


def test_what_could_not_serve_and_is_disputed_already_does_not_go_back_by_itself(
    alpha: Caisse, client: Client, counter: Counter
) -> None:
    republish(alpha, {"payments": {"unapplied": "refund"}})
    counter.spilt[ONE] = "redeemed"
    payment = begun(client, ONE)
    tell("created", "needs_response")
    pay(payment, capture="pi_1")
    assert (lines(payment), Refund.objects.count()) == (["held"], 0)
