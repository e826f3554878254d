"""A client who has the bank take a payment back: the agency learns of it, and nothing undoes itself."""

from typing import Any

import pytest

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.journal.models import Event as Journalled
from tenant_apps.payments.domain.stripe import read_event
from tenant_apps.payments.services.take_event import take_event
from tests.payments.bank import Bank
from tests.payments.conftest import ONE
from tests.payments.counter_product import Counter
from tests.payments.paying import PROVIDER, SOON, again, begun, lines, pay
from tests.payments.test_stripe import event


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


def test_a_dispute_of_what_another_caisse_captured_is_none_of_ours(client: Client) -> None:
    pay(begun(client, ONE), capture="pi_1")
    for capture in ("pi_2", ""):
        event = read_event(said("created", "needs_response", capture))
        assert take_event(provider=PROVIDER, event=event, now=SOON) is False
    assert not Journalled.objects.filter(kind="payment.disputed").exists()
