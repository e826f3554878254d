"""A refund is asked until the provider answers, once for the money, and the client hears of it once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection as database

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.messaging.models import Message
from tenant_apps.payments.domain.outcomes import Event, Outcome, RefundAnswer, Said
from tenant_apps.payments.models import Payment, Refund
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.selectors import NoSuchPaymentError
from tenant_apps.payments.services.held import apply_held, refund_held
from tenant_apps.payments.services.send_refund import DELAYS, LEASE, LOOK_AGAIN, refunds_due, send_refund
from tenant_apps.payments.services.take_event import take_event
from tenants.models import Caisse
from tests.messaging.conftest import republish
from tests.payments.bank import Bank
from tests.payments.conftest import ONE, TWO
from tests.payments.counter_product import Counter
from tests.payments.paying import PROVIDER, SOON, again, begun, lines, pay

BY = uuid4()


@pytest.fixture
def held(client: Client, counter: Counter, bank: type[Bank]) -> Payment:
    """Paid for two cups, of which the first can no longer be had."""
    counter.prices.update({ONE: Money.of(15), TWO: Money.of(20)})
    payment = begun(client, ONE, TWO)
    counter.spilt[ONE] = "redeemed"
    pay(payment)
    return payment


def refunded(payment: Payment) -> Refund:
    assert refund_held(payment=payment.uuid, position=0, by=BY, reason="agreed", now=SOON)
    return Refund.objects.get()


def told(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def said(refund: Refund, kind: Said, name: str) -> Event:
    return Event(id=name, outcome=Outcome(said=kind, at=SOON, capture="r-1"), refund=refund.uuid)


def test_the_agency_gives_a_held_sum_back_once(held: Payment) -> None:
    refund = refunded(held)
    assert not refund_held(payment=held.uuid, position=0, by=BY, reason="agreed", now=SOON)
    send_refund(uuid=refund.uuid, now=SOON)
    send_refund(uuid=refund.uuid, now=SOON)
    refund.refresh_from_db()
    assert (refund.state, refund.asked_by, refund.amount) == ("done", BY, Money.of(15))
    assert Bank.refund_asked == [refund.uuid]
    assert (lines(held), told("payment_refunded")) == (["refunded", "applied"], 1)


def test_what_served_cannot_be_given_back_and_nobody_decides_on_what_is_not_there(held: Payment) -> None:
    assert not refund_held(payment=held.uuid, position=1, by=BY, reason="agreed", now=SOON)
    with pytest.raises(NoSuchPaymentError):
        refund_held(payment=uuid4(), position=0, by=BY, reason="agreed", now=SOON)
    with pytest.raises(NoSuchPaymentError):
        apply_held(payment=held.uuid, position=7, by=BY, reason="agreed", now=SOON)


def test_a_held_sum_serves_once_what_was_in_the_way_is_gone(held: Payment, counter: Counter) -> None:
    assert not apply_held(payment=held.uuid, position=0, by=BY, reason="mended", now=SOON)
    counter.spilt.clear()
    assert apply_held(payment=held.uuid, position=0, by=BY, reason="mended", now=SOON)
    assert not apply_held(payment=held.uuid, position=0, by=BY, reason="mended", now=SOON)
    assert told("payment_used") == 1
    assert (again(held).state, lines(held)) == ("applied", ["applied", "applied"])
    assert [each.reference for each in counter.drunk] == [TWO, ONE]


def test_a_provider_that_is_away_is_asked_again_later_and_later(held: Payment) -> None:
    refund, now = refunded(held), SOON
    for delay in (*DELAYS, DELAYS[-1]):
        Bank.fails.append(ProviderError("away"))
        send_refund(uuid=refund.uuid, now=now)
        assert refunds_due(now=now + delay - timedelta(seconds=1), limit=9) == []
        now += delay
        assert refunds_due(now=now, limit=9) == [refund.uuid]
    refund.refresh_from_db()
    assert (refund.state, refund.last_error, told("payment_refunded")) == ("asked", "away", 0)
    send_refund(uuid=refund.uuid, now=now)
    assert lines(held) == ["refunded", "applied"]
    assert set(Bank.refund_asked) == {refund.uuid}


def test_a_worker_that_dies_before_it_writes_leaves_the_refund_to_another(held: Payment) -> None:
    refund = refunded(held)

    class KilledError(BaseException):
        pass

    Bank.fails.append(KilledError())  # type: ignore[arg-type]  # what no handler takes for a failure of the provider
    with pytest.raises(KilledError):
        send_refund(uuid=refund.uuid, now=SOON)
    assert refunds_due(now=SOON, limit=9) == []
    assert refunds_due(now=SOON + LEASE, limit=9) == [refund.uuid]
    send_refund(uuid=refund.uuid, now=SOON + LEASE)
    assert (len(Bank.refunds), lines(held)) == (1, ["refunded", "applied"])


def test_what_is_on_its_way_is_told_once_and_looked_at_again(held: Payment) -> None:
    refund = refunded(held)
    Bank.answers.append(RefundAnswer(reference="r-1"))
    send_refund(uuid=refund.uuid, now=SOON)
    assert (lines(held), told("payment_refunded")) == (["refunding", "applied"], 1)
    assert refunds_due(now=SOON + LOOK_AGAIN, limit=9) == [refund.uuid]
    send_refund(uuid=refund.uuid, now=SOON + LOOK_AGAIN)
    assert (lines(held), told("payment_refunded")) == (["refunded", "applied"], 1)


def test_a_refund_that_the_provider_refuses_is_held_again(held: Payment) -> None:
    refund = refunded(held)
    Bank.answers.append(RefundAnswer(reference="", refused="charge_disputed"))
    send_refund(uuid=refund.uuid, now=SOON)
    assert lines(held) == ["held", "applied"]
    assert held.lines.get(state="held").reason == "refund_refused"
    assert told("payment_held") == 2
    # And may be asked again.
    assert refund_held(payment=held.uuid, position=0, by=BY, reason="agreed", now=SOON)


def test_the_providers_own_word_ends_a_refund_in_any_order(held: Payment) -> None:
    refund = refunded(held)
    take_event(provider=PROVIDER, event=said(refund, Said.REFUND_DONE, "1"), now=SOON)
    take_event(provider=PROVIDER, event=said(refund, Said.REFUND_SENT, "2"), now=SOON)
    send_refund(uuid=refund.uuid, now=SOON)
    assert (lines(held), told("payment_refunded"), Bank.refund_asked) == (["refunded", "applied"], 1, [])


def test_money_that_the_bank_sends_back_is_held_again(held: Payment) -> None:
    refund = refunded(held)
    send_refund(uuid=refund.uuid, now=SOON)
    take_event(provider=PROVIDER, event=said(refund, Said.REFUND_FAILED, "3"), now=SOON)
    assert lines(held) == ["held", "applied"]


def test_what_is_too_much_of_a_sum_that_serves_late_is_held_alone(held: Payment, counter: Counter) -> None:
    counter.spilt.clear()
    line = held.lines.get(position=0)
    counter.taken_off[line.reference] = Money(50)
    assert apply_held(payment=held.uuid, position=0, by=BY, reason="mended", now=SOON)
    rest = held.lines.get(kind="surplus")
    assert (rest.state, rest.amount) == ("held", Money(50))
    assert held.lines.get(position=0).amount == line.amount - Money(50)
    assert not apply_held(payment=held.uuid, position=rest.position, by=BY, reason="again", now=SOON)
    assert refund_held(payment=held.uuid, position=rest.position, by=BY, reason="agreed", now=SOON)
    database.check_constraints()


def test_what_is_too_much_goes_back_by_itself_where_the_policy_says_so(
    client: Client, counter: Counter, bank: type[Bank], alpha: Caisse
) -> None:
    republish(alpha, {"payments": {"unapplied": "refund"}})
    counter.prices[ONE] = Money.of(15)
    counter.taken_off[ONE] = Money(50)
    payment = begun(client, ONE)
    pay(payment)
    assert lines(payment) == ["applied", "refunding"]
    assert Refund.objects.get().amount == Money(50)
