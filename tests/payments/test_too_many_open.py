"""A client who begins to pay again and again is stopped before the provider is."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.payments.models import Payment
from tenant_apps.payments.registry import CannotPayError
from tenant_apps.payments.services.start_payment import MOST_OPEN, PAGE_OPEN
from tenant_apps.payments.services.under_way import give_up
from tests.payments.bank import Bank
from tests.payments.counter_product import Counter
from tests.payments.paying import begun, pay
from tests.world import NOON

CUPS = [UUID(int=number) for number in range(1, MOST_OPEN + 3)]


@pytest.fixture(autouse=True)
def _at_work(bank: type[Bank], counter: Counter) -> None:
    counter.prices.update(dict.fromkeys(CUPS, Money.of(15)))


def test_of_many_open_payments_the_next_is_refused_and_the_same_form_still_answered(client: Client) -> None:
    form = uuid4()
    first, *_ = [begun(client, cup, form=form if cup == CUPS[0] else None) for cup in CUPS[:MOST_OPEN]]
    with pytest.raises(CannotPayError, match="Trop de paiements"):
        begun(client, CUPS[-1])
    assert begun(client, CUPS[0], form=form) == first
    assert len(Bank.starts) == MOST_OPEN


def test_one_that_is_paid_or_lapses_makes_room(client: Client) -> None:
    payments = [begun(client, cup) for cup in CUPS[:MOST_OPEN]]
    pay(payments[0])
    begun(client, CUPS[-2])
    with pytest.raises(CannotPayError):
        begun(client, CUPS[-1])
    begun(client, CUPS[-1], now=NOON + PAGE_OPEN + timedelta(seconds=1))
    assert Payment.objects.count() == MOST_OPEN + 2


def test_what_is_given_up_and_begun_again_is_counted_each_time(client: Client) -> None:
    for _ in range(MOST_OPEN):
        give_up(payment=begun(client, CUPS[0]), now=NOON)
    with pytest.raises(CannotPayError, match="Trop de paiements"):
        begun(client, CUPS[0])
