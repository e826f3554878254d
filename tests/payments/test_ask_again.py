"""Payments that were said to be refused or abandoned: what their card paid all the same is found, and placed once."""

from datetime import timedelta

import pytest
from django.test import override_settings

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.payments import tasks
from tenant_apps.payments.domain.outcomes import Outcome, Said
from tenant_apps.payments.models import Payment
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.services.ask_again import LONGEST, ask_again, payments_to_ask_again
from tenant_apps.payments.services.check_payment import GIVEN_UP
from tenant_apps.payments.services.settle_payment import ASKED_AGAIN
from tenant_apps.payments.services.take_event import take_event
from tests.clock import Clock
from tests.payments.bank import Bank, ended
from tests.payments.conftest import ONE, TWO
from tests.payments.counter_product import Counter
from tests.payments.paying import PROVIDER, SOON, again, begun, lines, pay
from tests.world import NOON

FIRST = ASKED_AGAIN[0]


@pytest.fixture(autouse=True)
def _prices(counter: Counter, bank: type[Bank], clock: Clock) -> None:
    counter.prices.update({ONE: Money.of(15), TWO: Money.of(20)})
    clock.set_to(NOON)


def closed(client: Client, said: Said = Said.REFUSED) -> Payment:
    payment = begun(client, ONE)
    take_event(provider=PROVIDER, event=ended(payment.uuid, said, SOON), now=SOON)
    return again(payment)


def paid_at_the_bank(payment: Payment, *, amount: Money | None = None) -> None:
    """By another card, on the page that stayed open; its webhook never comes."""
    Bank.outcomes[payment.reference] = Outcome(
        said=Said.CAPTURED, at=SOON, capture=f"c-{payment.uuid}", amount=amount or payment.total
    )


def ask(clock: Clock, by: timedelta = FIRST) -> None:
    clock.move(seconds=by.total_seconds())
    tasks.ask_about_closed(tenant="alpha", asked_at=0)


@pytest.mark.parametrize("said", [Said.REFUSED, Said.EXPIRED])
def test_a_capture_after_the_end_whose_webhook_is_lost_is_found_and_done_once(
    client: Client, counter: Counter, clock: Clock, said: Said
) -> None:
    payment = closed(client, said)
    paid_at_the_bank(payment)
    ask(clock, SOON - NOON)
    assert again(payment).captured is None
    ask(clock)
    ask(clock)
    pay(payment)
    assert (again(payment).state, lines(payment), len(counter.drunk)) == ("applied", ["applied"], 1)
    tasks.receipt(tenant="alpha", payment=str(payment.uuid))
    assert Document.objects.filter(about=payment.uuid).count() == 1


def test_what_can_serve_no_more_by_then_is_held(client: Client, counter: Counter, clock: Clock) -> None:
    payment = closed(client)
    paid_at_the_bank(payment)
    counter.spilt[ONE] = "redeemed"
    ask(clock, FIRST + SOON - NOON)
    assert (again(payment).state, lines(payment)) == ("paid", ["held"])


def test_the_page_is_closed_before_the_bank_is_believed(client: Client, clock: Clock) -> None:
    payment = closed(client)
    ask(clock, FIRST + SOON - NOON)
    assert Bank.closes == [payment.reference]
    assert Bank.outcomes[payment.reference].said is Said.EXPIRED
    assert again(payment).state == "refused"


def test_it_is_asked_as_often_as_is_sane_and_then_never_again(client: Client, clock: Clock) -> None:
    payment = closed(client)
    clock.set_to(SOON)
    for number, delay in enumerate(ASKED_AGAIN, start=1):
        ask(clock, delay - timedelta(seconds=1))
        assert len(Bank.closes) == number - 1
        ask(clock, timedelta(seconds=1))
        ask(clock, timedelta(0))
        assert len(Bank.closes) == number
    assert again(payment).check_at is None
    ask(clock, timedelta(days=60))
    assert len(Bank.closes) == len(ASKED_AGAIN)


def test_a_bank_that_is_away_costs_no_ask_and_is_not_asked_for_ever(client: Client, clock: Clock) -> None:
    payment = closed(client)
    paid_at_the_bank(payment)
    Bank.fails.extend(ProviderError("away") for _ in range(10))
    for _ in range(10):
        ask(clock, timedelta(hours=2))
    assert again(payment).checks == 0
    ask(clock, timedelta(hours=2))
    assert again(payment).state == "applied"
    gone = closed(client)
    with override_settings(PAYMENT_PROVIDERS={}):
        ask(clock, LONGEST)
        ask(clock, LONGEST)
    assert again(gone).check_at is None


def test_what_was_never_begun_is_not_asked_about_and_what_was_given_up_is(
    client: Client, clock: Clock
) -> None:
    Bank.fails.append(ProviderError("away"))
    with pytest.raises(ProviderError):
        begun(client, ONE)
    never = Payment.objects.get()
    left = begun(client, TWO)
    clock.set_to(left.expires_at + GIVEN_UP + timedelta(minutes=1))
    tasks.sweep(tenant="alpha")
    assert (again(never).check_at, again(left).state) == (None, "abandoned")
    assert Bank.closes == [left.reference]
    paid_at_the_bank(left)
    ask(clock)
    assert again(left).state == "applied"


def test_the_oldest_come_first_and_no_more_than_the_limit(client: Client, clock: Clock) -> None:
    found = [closed(client) for _ in range(3)]
    later = SOON + FIRST
    assert payments_to_ask_again(now=later, limit=2) == [each.uuid for each in found[:2]]
    for each in found:
        ask_again(uuid=each.uuid, now=later)
        ask_again(uuid=each.uuid, now=later)
    assert len(Bank.closes) == 3
    assert payments_to_ask_again(now=later, limit=2) == []
