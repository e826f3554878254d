"""The same thing begun twice: the first payment is gone on with, or given up before another begins."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.payments.domain.outcomes import Outcome, Said
from tenant_apps.payments.models import Payment
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.services import Wanted, open_basket
from tenant_apps.payments.services.start_payment import CLAIM, PAGE_OPEN, start_payment
from tenant_apps.payments.services.under_way import BeingBegunError, UnderWayError, give_up
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.steps import hidden, put_in, user_of
from tests.pawn.pledges import words
from tests.payments.bank import Bank
from tests.payments.conftest import ONE, THREE, TWO
from tests.payments.counter_product import CUP, KIND, Counter
from tests.payments.paying import again, begun, lines, pay
from tests.world import BRUNO, NOON


@pytest.fixture(autouse=True)
def _prices(counter: Counter, bank: type[Bank], clock: Clock) -> None:
    counter.prices.update({ONE: Money.of(50), TWO: Money.of(20), THREE: Money.of(30)})
    clock.set_to(NOON)


@pytest.fixture
def first(alpha: Caisse, client: Client) -> Payment:
    """Waiting at the bank for the first cup."""
    payment = begun(client, ONE)
    connection.set_schema_to_public()
    return payment


@pytest.fixture
def basket(alpha: Caisse, client: Client) -> str:
    """In another tab, with the first cup in it."""
    with tenant_context(alpha):
        wanted = [Wanted(kind=KIND, reference=each, act=CUP) for each in (ONE, TWO)]
        return f"/paiements/panier/{open_basket(client=client, wanted=wanted, now=NOON).uuid}/"


def stop(browser: Browser, payment: Payment, basket: str = "") -> str:
    """Where it leads, or what is said."""
    there = f"/paiements/{payment.uuid}/arreter/"
    answer = browser.post(there, {"basket": basket.split("/")[3]} if basket else {})
    return str(answer.headers.get("Location") or words(answer))


def states(caisse: Caisse) -> list[str]:
    with tenant_context(caisse):
        return list(Payment.objects.order_by("id").values_list("state", flat=True))


def test_two_tabs_begin_one_payment_and_the_second_is_shown_the_first(
    anne: Browser, alpha: Caisse, basket: str, client: Client
) -> None:
    form = hidden(anne.get(basket), "form")
    with tenant_context(alpha):
        payment = begun(client, ONE)
    assert anne.post(basket, {"form": form}).headers["Location"] == basket
    said = words(anne.get(basket))
    for text in ("Un paiement est déjà en cours", "un paiement de 50,00 €", "Continuer ce paiement"):
        assert text in said
    assert f'href="https://bank.example.org/pay/{payment.uuid}"' in said
    assert "Payer 70,00 €" not in said
    assert states(alpha) == ["waiting"]


def test_who_gives_the_first_up_comes_back_to_the_basket_and_pays_it(
    anne: Browser, alpha: Caisse, first: Payment, basket: str
) -> None:
    assert stop(anne, first, basket) == basket
    assert Bank.closes == [first.reference]
    form = hidden(anne.get(basket), "form")
    there = anne.post(basket, {"form": form}).headers["Location"]
    assert re.fullmatch(r"https://bank\.example\.org/pay/[0-9a-f-]{36}", there)
    assert states(alpha) == ["abandoned", "waiting"]


def test_one_that_was_captured_already_is_said_and_nothing_else_begins(
    anne: Browser, alpha: Caisse, first: Payment, basket: str, counter: Counter
) -> None:
    paid = Outcome(said=Said.CAPTURED, at=NOON, capture="c", amount=first.total)
    Bank.outcomes[first.reference] = paid
    there = stop(anne, first, basket)
    assert there == f"/paiements/{first.uuid}/?deja=1"
    assert "Votre carte avait déjà été débitée" in words(anne.get(there))
    assert states(alpha) == ["applied"]
    assert len(counter.drunk) == 1


def test_a_bank_that_has_not_decided_or_is_away_leaves_it_open(
    anne: Browser, alpha: Caisse, first: Payment, basket: str
) -> None:
    Bank.fails.append(ProviderError("away"))
    assert "ne répond pas" in stop(anne, first, basket)
    Bank.outcomes[first.reference] = Outcome(said=Said.OPEN, at=NOON)
    assert "traite déjà ce paiement" in stop(anne, first, basket)
    assert states(alpha) == ["waiting"]


def test_one_given_up_and_captured_late_counts_and_the_second_is_held(
    client: Client, counter: Counter
) -> None:
    payment = begun(client, ONE)
    assert give_up(payment=payment, now=NOON).state == "abandoned"
    second = begun(client, ONE)
    pay(payment)
    counter.spilt[ONE] = "redeemed"
    pay(second)
    assert (lines(payment), lines(second)) == (["applied"], ["held"])
    assert len(counter.drunk) == 1


def test_other_things_and_lapsed_pages_are_in_nobodys_way(client: Client) -> None:
    begun(client, ONE)
    begun(client, TWO)
    with pytest.raises(UnderWayError):
        begun(client, TWO, THREE)
    begun(client, TWO, THREE, now=NOON + PAGE_OPEN + timedelta(seconds=1))


def test_what_never_got_a_page_gives_way_once_nobody_asks_for_it(client: Client) -> None:
    # A process that is killed while it asks says nothing of it.
    Bank.fails.append(RuntimeError("killed"))
    with pytest.raises(RuntimeError, match="killed"):
        begun(client, ONE)
    payment = Payment.objects.get()
    with pytest.raises(UnderWayError):
        begun(client, ONE)
    with pytest.raises(BeingBegunError):
        give_up(payment=again(payment), now=NOON)
    later = NOON + CLAIM + timedelta(seconds=1)
    assert begun(client, ONE, now=later).state == "waiting"
    assert again(payment).state == "abandoned"


def test_a_bank_that_was_away_at_the_first_try_is_in_nobodys_way(client: Client) -> None:
    quote = open_basket(client=client, wanted=[Wanted(kind=KIND, reference=ONE, act=CUP)], now=NOON)
    form = uuid4()
    Bank.fails.append(ProviderError("away"))
    with pytest.raises(ProviderError):
        start_payment(client=client, quote=quote, form=form, now=NOON)
    assert begun(client, ONE).state == "waiting"
    # The first tab, which still shows its form, begins no second one.
    assert start_payment(client=client, quote=quote, form=form, now=NOON).address == ""


def test_nobody_gives_up_what_is_anothers_nor_comes_to_anothers_basket(
    alpha: Caisse, beta: Caisse, anne: Browser, first: Payment, browser_at: Callable[[str], Browser]
) -> None:
    bruno = put_in(browser_at(BRUNO.host), beta, user_of(beta))
    assert bruno.post(f"/paiements/{first.uuid}/arreter/").status_code == 404
    assert anne.get(f"/paiements/{first.uuid}/arreter/").status_code == 405
    for wanted in (str(uuid4()), "x"):
        assert stop(anne, first, f"/paiements/panier/{wanted}/") == f"/paiements/{first.uuid}/"
    assert states(alpha) == ["abandoned"]


def test_the_page_of_a_payment_that_waits_offers_to_stop_it(anne: Browser, first: Payment) -> None:
    assert "Arrêter ce paiement" in words(anne.get(f"/paiements/{first.uuid}/"))
    assert stop(anne, first) == f"/paiements/{first.uuid}/"
    said = words(anne.get(f"/paiements/{first.uuid}/"))
    assert "Ce paiement a été abandonné" in said
    assert "Arrêter ce paiement" not in said
