"""A bank that takes a part of a payment back: what is decided on is what is left, and never more."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.payments.domain.outcomes import Dispute, Event, Outcome, Said
from tenant_apps.payments.models import Payment, PaymentLine, Refund
from tenant_apps.payments.selectors import count_held, held_page
from tenant_apps.payments.services.held import DisputedError, apply_held, refund_held
from tenant_apps.payments.services.ledger_check import misplaced
from tenant_apps.payments.services.take_event import take_event
from tenants.models import Caisse
from tests.pawn.pledges import words
from tests.payments.bank import Bank
from tests.payments.conftest import ONE, THREE, TWO
from tests.payments.counter_product import Counter
from tests.payments.paying import PROVIDER, SOON, again, begun, lines, pay

Act = Callable[..., bool]


@pytest.fixture(autouse=True)
def _at_work(bank: type[Bank], counter: Counter) -> None:
    counter.prices.update({ONE: Money.of(100), TWO: Money.of(50), THREE: Money.of(50)})


def held(client: Client, counter: Counter, *references: UUID) -> Payment:
    """Of which nothing could serve when it was captured."""
    payment = begun(client, *references)
    counter.spilt.update(dict.fromkeys(references, "redeemed"))
    pay(payment, capture="pi_1")
    counter.spilt.clear()
    return again(payment)


def bank_says(how: Any, amount: int) -> None:
    dispute = Dispute(capture="pi_1", amount=Money.of(amount), how=how)
    said = Event(id=f"{how}-{amount}", outcome=Outcome(said=Said.OPEN, at=SOON), dispute=dispute)
    assert take_event(provider=PROVIDER, event=said, now=SOON)


def decide(act: Act, payment: Payment, position: int = 0) -> bool:
    return act(payment=payment.uuid, position=position, by=uuid4(), reason="x", now=SOON)


def sums(payment: Payment) -> list[tuple[str, str, str]]:
    found = payment.lines.order_by("position")
    return [(each.kind, each.state, str(each.amount)) for each in found]


def test_what_is_left_goes_back_and_what_the_bank_has_stays_behind(client: Client, counter: Counter) -> None:
    payment = held(client, counter, ONE)
    bank_says("dispute_lost", 40)
    assert count_held() == 1
    assert decide(refund_held, payment)
    assert [str(each.amount) for each in Refund.objects.all()] == ["60.00"]
    assert sums(payment) == [("coffee", "refunding", "60.00"), ("bank_took", "held", "40.00")]
    connection.check_constraints()
    assert (misplaced(), count_held(), len(held_page(number="1", size=9))) == ([], 0, 0)
    for act in (apply_held, refund_held):
        with pytest.raises(DisputedError):
            decide(act, payment, 1)


def test_what_is_left_serves_as_the_client_wanted(client: Client, counter: Counter) -> None:
    payment = held(client, counter, ONE)
    bank_says("dispute_lost", 40)
    assert decide(apply_held, payment)
    assert [str(each.amount) for each in counter.drunk] == ["60.00"]
    assert sums(payment) == [("coffee", "applied", "60.00"), ("bank_took", "held", "40.00")]
    assert again(payment).state == "paid"
    connection.check_constraints()


def test_what_still_cannot_serve_stays_whole(client: Client, counter: Counter) -> None:
    payment = held(client, counter, ONE)
    bank_says("dispute_lost", 40)
    counter.spilt[ONE] = "redeemed"
    assert not decide(apply_held, payment)
    assert sums(payment) == [("coffee", "held", "100.00")]
    connection.check_constraints()


@pytest.mark.parametrize("act", [apply_held, refund_held])
def test_two_sums_of_one_payment_share_what_is_left(client: Client, counter: Counter, act: Act) -> None:
    payment = held(client, counter, TWO, THREE)
    bank_says("dispute_lost", 40)
    assert decide(act, payment)
    assert decide(act, payment, 1)
    served = payment.lines.exclude(state="held").values_list("amount", flat=True)
    assert sorted(each.cents for each in served) == [1000, 5000]
    connection.check_constraints()


def test_what_has_served_already_is_left_to_nobody(client: Client, counter: Counter) -> None:
    payment = begun(client, TWO, THREE)
    counter.spilt[THREE] = "redeemed"
    pay(payment, capture="pi_1")
    bank_says("dispute_lost", 50)
    assert (sorted(lines(payment)), count_held()) == (["applied", "held"], 0)
    position = payment.lines.get(state="held").position
    with pytest.raises(DisputedError):
        decide(refund_held, payment, position)


def test_a_sum_that_comes_back_from_the_card_is_not_counted_twice(client: Client, counter: Counter) -> None:
    payment = held(client, counter, ONE)
    bank_says("dispute_lost", 40)
    decide(refund_held, payment)
    with transaction.atomic():
        Refund.objects.update(state="failed")
        PaymentLine.objects.filter(state="refunding").update(state="held", reason="refund_refused")
    assert count_held() == 1
    assert decide(refund_held, payment)
    assert [str(each.amount) for each in Refund.objects.exclude(state="failed")] == ["60.00"]


def test_what_the_bank_gives_up_after_all_is_given_back_too(client: Client, counter: Counter) -> None:
    payment = held(client, counter, ONE)
    bank_says("dispute_lost", 40)
    decide(refund_held, payment)
    bank_says("dispute_won", 40)
    assert not decide(apply_held, payment, 1)
    assert decide(refund_held, payment, 1)
    assert sorted(str(each.amount) for each in Refund.objects.all()) == ["40.00", "60.00"]


def test_its_client_reads_what_the_bank_took_and_what_goes_back(
    anne: Browser, alpha: Caisse, client: Client, counter: Counter
) -> None:
    with tenant_context(alpha):
        payment = held(client, counter, ONE)
        bank_says("dispute_lost", 40)
    page = f"/paiements/{payment.uuid}/"
    assert "L’agence décide" in words(anne.get(page))
    with tenant_context(alpha):
        decide(refund_held, payment)
    said = words(anne.get(page))
    assert "Somme que la banque de la carte a reprise" in said
    assert "Repris par la banque" in said
    assert "Somme gardée" not in said


@pytest.mark.parametrize(
    "change", [{"amount": 99}, {"amount": 101, "state": "applied"}, {"amount": 99, "state": "held"}]
)
def test_the_database_lets_a_sum_change_only_as_it_is_decided(
    client: Client, counter: Counter, change: dict[str, Any]
) -> None:
    payment = held(client, counter, ONE)
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        payment.lines.update(**{**change, "amount": Money.of(change["amount"])})


def test_the_database_wants_the_rest_of_a_sum_on_another_line(client: Client, counter: Counter) -> None:
    payment = held(client, counter, ONE)
    with transaction.atomic():
        payment.lines.update(amount=Money.of(99), state="applied")
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)
