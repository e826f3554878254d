"""What goes back is what was captured and could not serve: the database holds it, whoever writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.payments.models import Payment, PaymentLine, Refund
from tenant_apps.payments.services.held import refund_held
from tests.payments.bank import Bank
from tests.payments.conftest import ONE, TWO
from tests.payments.counter_product import Counter
from tests.payments.paying import SOON, again, begun, pay


@contextmanager
def refused() -> Iterator[None]:
    """By the database, when the transaction ends."""
    with transaction.atomic():
        yield
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)


@pytest.fixture
def held(client: Client, counter: Counter, bank: type[Bank]) -> Payment:
    """51 €, of which 31 serve and 20 are held."""
    counter.prices.update({ONE: Money.of(31), TWO: Money.of(20)})
    payment = begun(client, ONE, TWO)
    counter.spilt[TWO] = "redeemed"
    pay(payment)
    connection.check_constraints()
    return again(payment)


def line_held(payment: Payment) -> PaymentLine:
    return payment.lines.get(state="held")


def refund(payment: Payment, amount: int, **more: Any) -> Refund:
    return Refund.objects.create(
        payment=payment, amount=Money.of(amount), reason="x", asked_at=SOON, due_at=SOON, **more
    )


def going_back(line: PaymentLine, found: Refund) -> None:
    line.state, line.refund = "refunding", found
    line.save(update_fields=["state", "refund"])


def test_what_is_held_goes_back_and_comes_back_when_the_bank_refuses(held: Payment) -> None:
    refund_held(payment=held.uuid, position=line_held(held).position, by=uuid4(), reason="x", now=SOON)
    connection.check_constraints()
    with transaction.atomic():
        Refund.objects.update(state="failed")
        PaymentLine.objects.filter(state="refunding").update(state="held")
    connection.check_constraints()
    refund_held(payment=held.uuid, position=line_held(held).position, by=uuid4(), reason="x", now=SOON)
    connection.check_constraints()


@pytest.mark.parametrize("amount", [19, 21, 51, 99_999])
def test_a_refund_is_the_sum_of_its_lines(held: Payment, amount: int) -> None:
    with refused():
        going_back(line_held(held), refund(held, amount))


@pytest.mark.parametrize("state", ["asked", "sent", "done"])
def test_a_refund_without_lines_is_none(held: Payment, state: str) -> None:
    with refused():
        refund(held, 20, state=state)


def test_a_line_leaves_no_refund_behind(held: Payment) -> None:
    line = line_held(held)
    refund_held(payment=held.uuid, position=line.position, by=uuid4(), reason="x", now=SOON)
    connection.check_constraints()
    for changed in ({"state": "held"}, {"refund": None, "state": "held"}):
        with refused():
            PaymentLine.objects.filter(pk=line.pk).update(**changed)


def test_what_was_never_captured_does_not_go_back(held: Payment, client: Client) -> None:
    payment = begun(client, ONE)
    with refused():
        going_back(payment.lines.get(), refund(payment, 31))


def test_nothing_goes_back_by_the_refund_of_another_payment(held: Payment, client: Client) -> None:
    other = begun(client, TWO)
    pay(other)
    with refused():
        going_back(line_held(held), refund(again(other), 20))
