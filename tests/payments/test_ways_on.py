"""Whatever became of a payment, its client knows it and has a way on."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.models import Basket, Payment
from tenant_apps.payments.presentation import shown
from tenant_apps.payments.services import Wanted, open_basket
from tenant_apps.payments.services.receipts import make_receipt
from tenant_apps.payments.services.take_event import take_event
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.steps import put_in, user_of
from tests.pawn.pledges import words
from tests.payments.bank import Bank, ended
from tests.payments.conftest import ONE, TWO
from tests.payments.counter_product import CUP, KIND, Counter
from tests.payments.paying import PROVIDER, SOON, begun, pay
from tests.world import BRUNO, NOON


@pytest.fixture(autouse=True)
def _prices(counter: Counter, bank: type[Bank], clock: Clock) -> None:
    counter.prices.update({ONE: Money.of(50), TWO: Money.of(20)})
    clock.set_to(NOON)


def refused(client: Client) -> Payment:
    payment = begun(client, ONE)
    take_event(provider=PROVIDER, event=ended(payment.uuid, Said.REFUSED, SOON), now=SOON)
    return payment


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (("held", "applied"), "Payé, à suivre"),
        (("refunding", "applied"), "Remboursement en cours"),
        (("refunded", "applied"), "Remboursé en partie"),
        (("refunded", "refunded"), "Remboursé"),
        (("applied", "applied"), "Payé"),
    ],
)
def test_the_list_says_what_became_of_the_sums(
    alpha: Caisse, client: Client, states: tuple[str, str], said: str
) -> None:
    with tenant_context(alpha):
        payment = begun(client, ONE, TWO)
        pay(payment)
        # As it would stand after the agency and the bank have done their part.
        assert _as(payment, states) == said


def _as(payment: Payment, states: tuple[str, str]) -> str:
    found = Payment.objects.prefetch_related("lines").get(pk=payment.pk)
    found.state = "applied" if set(states) == {"applied"} else "paid"
    for line, state in zip(found.lines.all(), states, strict=True):
        line.state = state
    return str(shown(found).badge.label)


def test_a_refused_payment_begins_again_with_one_button(anne: Browser, alpha: Caisse, client: Client) -> None:
    with tenant_context(alpha):
        payment = refused(client)
    there = f"/paiements/{payment.uuid}/"
    assert "Recommencer ce paiement" in words(anne.get(there))
    basket = anne.post(f"{there}recommencer/").headers["Location"]
    assert "50,00 €" in words(anne.get(basket))
    assert "Ouvrez-le pour recommencer" in words(anne.get("/paiements/"))


def test_what_waits_or_is_paid_is_not_begun_again(anne: Browser, alpha: Caisse, client: Client) -> None:
    with tenant_context(alpha):
        payment = begun(client, ONE)
        before = Basket.objects.count()
    there = f"/paiements/{payment.uuid}/recommencer/"
    refused_words = anne.post(there)
    assert "ne payez pas deux fois" in words(refused_words)
    # Asked again by itself, it would be asked for by GET, which this address does not answer.
    assert "Refresh" not in refused_words.headers
    with tenant_context(alpha):
        pay(payment)
    assert "ne payez pas deux fois" in words(anne.post(there))
    with tenant_context(alpha):
        assert Basket.objects.count() == before


def test_nobody_begins_the_payment_of_another_again(
    alpha: Caisse, beta: Caisse, client: Client, browser_at: Callable[[str], Browser]
) -> None:
    with tenant_context(alpha):
        payment = refused(client)
    bruno = put_in(browser_at(BRUNO.host), beta, user_of(beta))
    assert bruno.post(f"/paiements/{payment.uuid}/recommencer/").status_code == 404


def test_who_left_the_banks_page_is_told_until_when_it_takes_the_card(
    anne: Browser, alpha: Caisse, client: Client
) -> None:
    with tenant_context(alpha):
        payment = begun(client, ONE)
    said = words(anne.get(f"/paiements/{payment.uuid}/"))
    assert "La page de paiement reste ouverte jusqu’au 21 octobre 2026" in said
    assert "Continuer ce paiement" in said
    listed = words(anne.get("/paiements/"))
    assert "Pas encore confirmé" in listed
    assert "Ouvrez-le pour finir de payer" in listed


def test_a_basket_that_was_paid_shows_its_receipt_and_nothing_to_pay(
    anne: Browser, alpha: Caisse, client: Client
) -> None:
    with tenant_context(alpha):
        payment = begun(client, ONE)
        basket = f"/paiements/panier/{Basket.objects.get().uuid}/"
        pay(payment)
        make_receipt(uuid=payment.uuid, now=SOON)
    said = words(anne.get(basket))
    for text in ("Ce panier est payé", "Vous avez payé 50,00 €", "Voir le reçu"):
        assert text in said
    assert "est garanti" not in said
    assert 'name="form"' not in said
    assert anne.post(basket, {"form": uuid4()}).headers["Location"] == f"/paiements/{payment.uuid}/"


def test_the_same_things_wanted_anew_later_are_not_held_for_paid(
    anne: Browser, alpha: Caisse, client: Client, clock: Clock
) -> None:
    with tenant_context(alpha):
        pay(begun(client, ONE))
        clock.set_to(SOON)
        quote = open_basket(client=client, wanted=[Wanted(kind=KIND, reference=ONE, act=CUP)], now=SOON)
    assert "est garanti" in words(anne.get(f"/paiements/panier/{quote.uuid}/"))
