"""A client who begins to pay again and again is stopped before the provider is."""

from datetime import timedelta
from uuid import uuid4

import pytest

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.payments.models import Payment
from tenant_apps.payments.registry import CannotPayError
from tenant_apps.payments.services.start_payment import MOST_OPEN, PAGE_OPEN
from tests.payments.bank import Bank
from tests.payments.conftest import ONE
from tests.payments.counter_product import Counter
from tests.payments.paying import begun, pay
from tests.world import NOON


@pytest.fixture(autouse=True)
def _at_work(bank: type[Bank], counter: Counter) -> None:
    counter.prices[ONE] = Money.of(15)


def test_of_many_open_payments_the_next_is_refused_and_the_same_form_still_answered(client: Client) -> None:
    form = uuid4()
    first = begun(client, ONE, form=form)
    for _ in range(MOST_OPEN - 1):
        begun(client, ONE)
    with pytest.raises(CannotPayError, match="Trop de paiements"):
        begun(client, ONE)
    assert begun(client, ONE, form=form) == first
    assert len(Bank.starts) == MOST_OPEN


def test_one_that_ends_or_lapses_makes_room(client: Client) -> None:
    payments = [begun(client, ONE) for _ in range(MOST_OPEN)]
    pay(payments[0])
    begun(client, ONE)
    with pytest.raises(CannotPayError):
        begun(client, ONE)
    begun(client, ONE, now=NOON + PAGE_OPEN + timedelta(seconds=1))
    assert Payment.objects.count() == MOST_OPEN + 2
