"""Many at once: one payment, one act, one receipt, one refund, whoever comes first."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.messaging.models import Message
from tenant_apps.payments.domain.outcomes import Dispute, Event, Outcome, Said
from tenant_apps.payments.domain.providers import CardProvider
from tenant_apps.payments.models import Payment, Refund
from tenant_apps.payments.services import Wanted, open_basket
from tenant_apps.payments.services.held import refund_held
from tenant_apps.payments.services.ledger_check import misplaced
from tenant_apps.payments.services.receipts import make_receipt
from tenant_apps.payments.services.send_refund import send_refund
from tenant_apps.payments.services.take_event import take_event
from tenant_apps.payments.services.under_way import UnderWayError, give_up
from tenants.models import Caisse
from tests.concurrency.parallel import at_once
from tests.identity.steps import put_in, user_of
from tests.isolation.visits import carry_cookies
from tests.payments.bank import PATH, Bank, captured
from tests.payments.counter_product import CUP, KIND, Counter, opened
from tests.payments.paying import PROVIDER, begun
from tests.world import ANNE

MANY = 20
ONE, TWO = (UUID(f"0000000{number}-0000-4000-8000-000000000000") for number in (1, 2))


@pytest.fixture
def counter(settings: Any) -> Iterator[Counter]:
    Bank.reset()
    settings.PAYMENT_ADAPTERS = {"demo": PATH}
    settings.PAYMENT_PROVIDERS = {"default": CardProvider(kind="demo")}
    with opened() as found:
        found.prices.update({ONE: Money.of(15), TWO: Money.of(20)})
        yield found
    Bank.reset()


def paid_for(caisse: Caisse, *references: UUID) -> Payment:
    """Waiting at the bank."""
    with tenant_context(caisse):
        return begun(Client.objects.get(pk=1), *references, now=timezone.now())


def in_caisse(caisse: Caisse, act: Callable[[], Any]) -> Any:
    with tenant_context(caisse):
        return act()


def tell(caisse: Caisse, payment: Payment, name: str) -> Any:
    now = timezone.now()
    event = captured(payment.uuid, payment.total, payment.created_at, name=name)
    return in_caisse(caisse, partial(take_event, provider=PROVIDER, event=event, now=now))


def test_twenty_posts_of_one_form_start_one_payment(
    alpha_committed: Caisse, counter: Counter, browser_at: Callable[[str], Browser]
) -> None:
    first = put_in(browser_at(ANNE.host), alpha_committed, user_of(alpha_committed))
    with tenant_context(alpha_committed):
        wanted = [Wanted(kind=KIND, reference=ONE, act=CUP)]
        quote = open_basket(client=Client.objects.get(pk=1), wanted=wanted, now=timezone.now())
    browsers = [browser_at(ANNE.host) for _ in range(MANY)]
    for each in browsers:
        carry_cookies(first, each)
    page, form = f"/paiements/panier/{quote.uuid}/", str(uuid4())
    answers = at_once([partial(each.post, page, {"form": form}) for each in browsers])
    with tenant_context(alpha_committed):
        payment = Payment.objects.get()
    places = {getattr(each, "url", repr(each)) for each in answers}
    # Who came while the first asked the bank waits on the payment's own page.
    assert places <= {f"https://bank.example.org/pay/{payment.uuid}", f"/paiements/{payment.uuid}/"}
    assert Bank.starts == [payment.uuid]


def test_twenty_tabs_of_one_client_begin_one_payment_for_one_thing(
    alpha_committed: Caisse, counter: Counter
) -> None:
    ends = at_once([partial(paid_for, alpha_committed, ONE) for _ in range(MANY)])
    assert sum(isinstance(each, Payment) for each in ends) == 1
    assert sum(isinstance(each, UnderWayError) for each in ends) == MANY - 1
    assert len(Bank.starts) == 1


def test_given_up_while_the_bank_says_that_it_is_captured_is_one_payment_done_once(
    alpha_committed: Caisse, counter: Counter
) -> None:
    payment = paid_for(alpha_committed, ONE)
    stop = partial(give_up, payment=payment, now=timezone.now())
    acts: list[Callable[[], Any]] = [partial(in_caisse, alpha_committed, stop)] * (MANY // 2)
    acts += [partial(tell, alpha_committed, payment, str(number)) for number in range(MANY // 2)]
    ends = at_once(acts)
    assert not [each for each in ends if isinstance(each, Exception)]
    assert len(counter.drunk) == 1
    with tenant_context(alpha_committed):
        assert Payment.objects.get().state == "applied"
        assert misplaced() == []


def test_twenty_times_the_same_word_does_the_act_once(alpha_committed: Caisse, counter: Counter) -> None:
    payment = paid_for(alpha_committed, ONE, TWO)
    ends = at_once([partial(tell, alpha_committed, payment, "same") for _ in range(MANY)])
    assert sorted(map(str, ends)) == ["False"] * (MANY - 1) + ["True"]
    assert len(counter.drunk) == 2


def test_one_capture_under_twenty_names_does_the_act_once(alpha_committed: Caisse, counter: Counter) -> None:
    payment = paid_for(alpha_committed, ONE)
    ends = at_once([partial(tell, alpha_committed, payment, str(number)) for number in range(MANY)])
    assert ends == [True] * MANY
    assert len(counter.drunk) == 1
    with tenant_context(alpha_committed):
        assert misplaced() == []


def test_captures_of_many_payments_at_once_take_numbers_without_a_gap(
    alpha_committed: Caisse, counter: Counter
) -> None:
    cups = [uuid4() for _ in range(MANY)]
    counter.prices.update(dict.fromkeys(cups, Money.of(15)))
    payments = [paid_for(alpha_committed, cup) for cup in cups]
    assert all(at_once([partial(tell, alpha_committed, each, str(each.uuid)) for each in payments]))
    with tenant_context(alpha_committed):
        found = sorted(str(each) for each in Payment.objects.values_list("receipt", flat=True))
    year = timezone.localdate().year
    assert found == [f"{year}-{number:06}" for number in range(1, MANY + 1)]


def test_receipts_and_refunds_are_made_once_however_many_ask(
    alpha_committed: Caisse, counter: Counter
) -> None:
    payment = paid_for(alpha_committed, ONE, TWO)
    counter.spilt[TWO] = "redeemed"
    tell(alpha_committed, payment, "x")
    now = timezone.now()
    make: Callable[[], Any] = partial(make_receipt, uuid=payment.uuid, now=now)
    give: Callable[[], Any] = partial(
        refund_held, payment=payment.uuid, position=1, by=uuid4(), reason="agreed", now=now
    )
    acts = [partial(in_caisse, alpha_committed, each) for each in [make, give] * (MANY // 2)]
    ends = at_once(acts)
    assert (ends.count(True), ends.count(False)) == (1, MANY // 2 - 1)
    with tenant_context(alpha_committed):
        refund = Refund.objects.get()
        assert Document.objects.filter(about=payment.uuid).count() == 1
        assert Message.objects.filter(kind="payment_receipt").count() == 1
    send = partial(send_refund, uuid=refund.uuid, now=now)
    at_once([partial(in_caisse, alpha_committed, send) for _ in range(MANY)])
    assert Bank.refund_asked == [refund.uuid]
    with tenant_context(alpha_committed):
        assert Message.objects.filter(kind="payment_refunded").count() == 1


def test_a_dispute_and_its_capture_that_are_told_at_once_find_each_other(
    alpha_committed: Caisse, counter: Counter
) -> None:
    cups = [uuid4() for _ in range(MANY // 2)]
    counter.prices.update(dict.fromkeys(cups, Money.of(15)))
    payments = [paid_for(alpha_committed, cup) for cup in cups]
    acts = [
        act
        for each in payments
        for act in (
            partial(tell, alpha_committed, each, str(each.uuid)),
            partial(in_caisse, alpha_committed, partial(dispute, each)),
        )
    ]
    at_once(acts)
    with tenant_context(alpha_committed):
        assert set(Payment.objects.values_list("dispute", flat=True)) == {"open"}


def dispute(payment: Payment) -> bool:
    wanted = Dispute(capture=f"c-{payment.uuid}", amount=payment.total, how="disputed")
    said = Event(id=f"d-{payment.uuid}", outcome=Outcome(said=Said.OPEN, at=timezone.now()), dispute=wanted)
    return take_event(provider=PROVIDER, event=said, now=timezone.now())
