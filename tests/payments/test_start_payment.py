"""A form pays once: the four ways in which the same identifier comes back, and a price that has changed."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.payments.domain.states import PaymentState
from tenant_apps.payments.models import Payment
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.registry import CannotPayError
from tenant_apps.payments.services import Quote, Wanted, open_basket, start_payment
from tenant_apps.payments.services.quoting import NoSuchQuoteError, quote_of
from tenant_apps.payments.services.start_payment import FormUsedError, PriceChangedError
from tests.payments.bank import Bank
from tests.payments.conftest import ONE, TWO
from tests.payments.counter_product import CUP, KIND, TIP, Counter
from tests.world import NOON

FORM = UUID("00000000-0000-4000-8000-0000000000f0")
FIFTEEN, TWENTY = Money.of(15), Money.of(20)


def cup(reference: UUID = ONE) -> Wanted:
    return Wanted(kind=KIND, reference=reference, act=CUP)


def quoted(client: Client, *wanted: Wanted) -> Quote:
    return open_basket(client=client, wanted=wanted or [cup()], now=NOON)


@pytest.fixture(autouse=True)
def _prices(counter: Counter, bank: type[Bank]) -> None:
    counter.prices.update({ONE: FIFTEEN, TWO: TWENTY})


def neighbour() -> Client:
    return register_client(
        number="C-8",
        title="sir",
        first_name="Noé",
        last_name="Huit",
        birth_date=None,
        email="",
        mobile="",
    )


def test_a_quote_holds_its_prices_and_is_its_owners_alone(client: Client) -> None:
    quote = quoted(client, cup(TWO), cup(ONE))
    assert quote.total == Money.of(35)
    assert [line.reference for line in quote.lines] == [ONE, TWO]
    assert quote_of(client=client, uuid=quote.uuid) == quote
    with pytest.raises(NoSuchQuoteError):
        quote_of(client=neighbour(), uuid=quote.uuid)


def test_a_payment_begins_at_the_providers_page(client: Client) -> None:
    started = start_payment(client=client, quote=quoted(client), form=FORM, now=NOON)
    payment = Payment.objects.get()
    assert started.address == f"https://bank.example.org/pay/{payment.uuid}"
    assert (payment.state, payment.total, payment.captured) == (PaymentState.WAITING, FIFTEEN, None)
    assert [line.amount for line in payment.lines.all()] == [FIFTEEN]


def test_the_same_form_again_gets_the_first_answer_and_starts_nothing(
    client: Client, counter: Counter
) -> None:
    quote = quoted(client)
    first = start_payment(client=client, quote=quote, form=FORM, now=NOON)
    # Whatever became of the price and of the quote since.
    counter.prices[ONE] = TWENTY
    later = NOON + timedelta(hours=3)
    assert start_payment(client=client, quote=quote, form=FORM, now=later) == first
    assert Bank.starts == [first.payment]


def test_the_same_form_with_another_amount_is_refused(client: Client) -> None:
    tip = Wanted(kind=KIND, reference=ONE, act=TIP, amount=FIFTEEN)
    start_payment(client=client, quote=quoted(client, tip), form=FORM, now=NOON)
    more = Wanted(kind=KIND, reference=ONE, act=TIP, amount=TWENTY)
    with pytest.raises(FormUsedError):
        start_payment(client=client, quote=quoted(client, more), form=FORM, now=NOON)
    assert Payment.objects.get().total == FIFTEEN
    assert len(Bank.starts) == 1


def test_the_same_form_for_another_thing_or_another_person_is_refused(
    client: Client, counter: Counter
) -> None:
    counter.prices[TWO] = FIFTEEN
    start_payment(client=client, quote=quoted(client), form=FORM, now=NOON)
    with pytest.raises(FormUsedError):
        start_payment(client=client, quote=quoted(client, cup(TWO)), form=FORM, now=NOON)
    other = neighbour()
    with pytest.raises(FormUsedError):
        start_payment(client=other, quote=quoted(other), form=FORM, now=NOON)
    assert Payment.objects.count() == 1


def test_a_form_that_was_refused_serves_once_it_is_mended(client: Client, counter: Counter) -> None:
    quote = quoted(client)
    counter.owners[ONE] = client.pk + 1
    with pytest.raises(CannotPayError, match="pas le vôtre"):
        start_payment(client=client, quote=quote, form=FORM, now=NOON)
    counter.owners[ONE] = client.pk
    assert start_payment(client=client, quote=quote, form=FORM, now=NOON).address


def test_a_form_serves_again_when_the_provider_did_not_answer(client: Client) -> None:
    quote = quoted(client)
    Bank.fails.append(ProviderError("away"))
    with pytest.raises(ProviderError):
        start_payment(client=client, quote=quote, form=FORM, now=NOON)
    assert Payment.objects.get().state == PaymentState.CREATED
    started = start_payment(client=client, quote=quote, form=FORM, now=NOON + timedelta(minutes=1))
    assert started.address
    assert Payment.objects.count() == 1


def test_who_posts_while_another_process_asks_the_provider_gets_the_payment_without_a_page(
    client: Client,
) -> None:
    quote = quoted(client)
    Bank.fails.append(ProviderError("away"))
    with pytest.raises(ProviderError):
        start_payment(client=client, quote=quote, form=FORM, now=NOON)
    Payment.objects.update(claimed_until=NOON + timedelta(seconds=30))
    assert start_payment(client=client, quote=quote, form=FORM, now=NOON).address == ""
    # Held for dead, its claim is free.
    assert start_payment(client=client, quote=quote, form=FORM, now=NOON + timedelta(seconds=30)).address


def test_a_price_that_changed_is_shown_again_and_not_charged(client: Client, counter: Counter) -> None:
    quote = quoted(client)
    counter.prices[ONE] = TWENTY
    with pytest.raises(PriceChangedError) as changed:
        start_payment(client=client, quote=quote, form=FORM, now=NOON)
    assert changed.value.quote.total == TWENTY
    assert not Payment.objects.exists()
    assert start_payment(client=client, quote=changed.value.quote, form=FORM, now=NOON).address


def test_a_quote_that_lapsed_is_made_again_even_at_the_same_price(client: Client) -> None:
    quote = quoted(client)
    with pytest.raises(PriceChangedError) as changed:
        start_payment(client=client, quote=quote, form=FORM, now=quote.expires_at)
    assert changed.value.quote.total == quote.total
    assert changed.value.quote.expires_at > quote.expires_at


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ([], "Choisissez"),
        ([cup(), cup()], "deux fois"),
        ([Wanted(kind=KIND, reference=uuid4(), act=TIP, amount=Money.of("0.50")) for _ in range(21)], "20"),
        ([Wanted(kind=KIND, reference=ONE, act=TIP, amount=Money.of("9.99"))], "10,00"),
        ([Wanted(kind=KIND, reference=ONE, act=TIP, amount=Money.of("3000.01"))], "000,00"),
        ([cup(), Wanted(kind=KIND, reference=TWO, act=TIP, amount=Money())], "ne coûte rien"),
    ],
)
def test_a_basket_that_cannot_be_paid_says_why(client: Client, wanted: list[Wanted], words: str) -> None:
    with pytest.raises(CannotPayError, match=words):
        open_basket(client=client, wanted=wanted, now=NOON)
