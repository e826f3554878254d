"""What a client sees of paying: check, leave, wait, know; and nothing that is another's."""

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.models import Basket, Payment
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.services import Wanted, open_basket
from tenant_apps.payments.services.receipts import make_receipt
from tenant_apps.payments.services.take_event import take_event
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.steps import hidden, publish, put_in, user_of
from tests.pawn.pledges import words
from tests.payments.bank import Bank, ended
from tests.payments.conftest import ONE, THREE, TWO
from tests.payments.counter_product import CUP, KIND, Counter
from tests.payments.paying import PROVIDER, SOON, begun, pay
from tests.world import BRUNO, NOON


@pytest.fixture(autouse=True)
def _prices(counter: Counter, bank: type[Bank], clock: Clock) -> None:
    counter.prices.update({ONE: Money.of("1234.50"), TWO: Money.of(20)})
    clock.set_to(NOON)


@pytest.fixture
def page(alpha: Caisse, client: Client) -> str:
    """The address of a basket of Anne's."""
    wanted = [Wanted(kind=KIND, reference=each, act=CUP) for each in (ONE, TWO)]
    quote = open_basket(client=client, wanted=wanted, now=NOON)
    connection.set_schema_to_public()
    return f"/paiements/panier/{quote.uuid}/"


def post(browser: Browser, page: str, form: UUID | str | None = None) -> str:
    answer = browser.post(page, {} if form is None else {"form": form})
    return str(answer.headers.get("Location", answer.status_code))


def lapse(caisse: Caisse) -> None:
    with tenant_context(caisse):
        Basket.objects.update(expires_at=NOON)


def payments(caisse: Caisse) -> int:
    with tenant_context(caisse):
        return Payment.objects.count()


def test_the_basket_says_what_how_much_until_when_and_what_the_law_wants_read(
    anne: Browser, page: str
) -> None:
    answer = anne.get(page)
    said = words(answer)
    for each in ("1 254", "1 234,50 €", "20,00 €", "Café", "21 octobre 2026", "ni repris ni échangé"):
        assert each in said
    assert said.count("ni repris ni échangé") == 1
    assert "form-action 'self' https://bank.example.org" in answer.headers["Content-Security-Policy"]


def test_paying_leads_to_the_banks_page_and_the_same_form_to_the_same_one(
    anne: Browser, alpha: Caisse, page: str
) -> None:
    form = hidden(anne.get(page), "form")
    first = post(anne, page, form)
    assert re.fullmatch(r"https://bank\.example\.org/pay/[0-9a-f-]{36}", first)
    assert post(anne, page, form) == first
    assert payments(alpha) == 1


def test_a_price_that_changed_is_shown_again(
    anne: Browser, alpha: Caisse, counter: Counter, page: str
) -> None:
    counter.prices[TWO] = Money.of(30)
    there = post(anne, page, uuid4())
    assert there.endswith("?prix=1")
    assert "1 264,50" in words(anne.get(there)).replace("<small>", "")
    assert "Les prix ont pu changer" in words(anne.get(there))
    assert payments(alpha) == 0


def test_a_basket_that_lapsed_is_priced_again_when_it_is_opened(
    anne: Browser, alpha: Caisse, page: str
) -> None:
    lapse(alpha)
    answer = anne.get(page)
    assert answer.headers["Location"].endswith("?prix=1")
    assert page not in answer.headers["Location"]


def test_what_can_no_longer_be_paid_says_so_and_how_to_go_on(
    anne: Browser, alpha: Caisse, counter: Counter, page: str
) -> None:
    counter.owners[ONE] = 999
    assert "pas le vôtre" in words(anne.post(page, {"form": uuid4()}))
    lapse(alpha)
    said = words(anne.get(page))
    assert "pas le vôtre" in said
    assert "Revenir à ce que je peux payer" in said
    assert '<button class="button">' not in said


@pytest.mark.parametrize("form", [None, "", "x", "0" * 5000])
def test_a_form_without_its_number_is_answered_in_words(
    anne: Browser, alpha: Caisse, page: str, form: str | None
) -> None:
    answer = anne.post(page, {} if form is None else {"form": form})
    assert answer.status_code == 200
    assert "trop ancienne" in words(answer)
    assert payments(alpha) == 0


def test_a_form_of_another_payment_is_refused_and_the_basket_stays(
    anne: Browser, alpha: Caisse, client: Client, counter: Counter, page: str
) -> None:
    form = uuid4()
    post(anne, page, form)
    counter.prices[THREE] = Money.of(30)
    with tenant_context(alpha):
        other = open_basket(client=client, wanted=[Wanted(kind=KIND, reference=THREE, act=CUP)], now=NOON)
    answer = anne.post(f"/paiements/panier/{other.uuid}/", {"form": form})
    assert "déjà servi" in words(answer)
    assert hidden(answer, "form") != str(form)
    assert payments(alpha) == 1


def test_a_provider_that_is_away_loses_nothing(anne: Browser, page: str) -> None:
    Bank.fails.append(ProviderError("away"))
    form = uuid4()
    answer = anne.post(page, {"form": form})
    assert "Rien n’a été débité" in words(answer)
    assert hidden(answer, "form") == str(form)
    assert post(anne, page, form).startswith("https://bank.example.org/")


def test_the_page_one_comes_back_to_waits_and_says_so(anne: Browser, alpha: Caisse, client: Client) -> None:
    with tenant_context(alpha):
        payment = begun(client, ONE)
    answer = anne.get(f"/paiements/{payment.uuid}/")
    assert "Nous attendons la confirmation de votre banque" in words(answer)
    assert answer.headers["Refresh"] == "3; url=?fois=1"
    left = anne.get(f"/paiements/{payment.uuid}/retour/")
    assert "quitté la page de paiement" in words(left)
    assert "Refresh" not in left.headers
    with tenant_context(alpha):
        assert Payment.objects.get().state == "waiting"


def test_a_page_that_nobody_looks_at_ends_by_asking_no_more(
    anne: Browser, alpha: Caisse, client: Client
) -> None:
    with tenant_context(alpha):
        page = f"/paiements/{begun(client, ONE).uuid}/"
    asked, address = 0, page
    while follows := anne.get(address).headers.get("Refresh"):
        asked, address = asked + 1, page + follows.partition("url=")[2]
        # Idleness has to have its turn.
        assert asked <= 100
    assert "Regarder à nouveau" in words(anne.get(address))
    for strange in ("-1", "x", "٣", "9" * 5000):
        assert anne.get(f"{page}?fois={strange}").headers["Refresh"] == "3; url=?fois=1"


def test_once_the_bank_has_spoken_the_page_says_it_and_waits_no_more(
    anne: Browser, alpha: Caisse, client: Client
) -> None:
    with tenant_context(alpha):
        payment = begun(client, ONE)
        pay(payment)
    before = anne.get(f"/paiements/{payment.uuid}/")
    assert "Votre reçu se prépare" in words(before)
    with tenant_context(alpha):
        make_receipt(uuid=payment.uuid, now=SOON)
    answer = anne.get(f"/paiements/{payment.uuid}/")
    assert "Votre paiement est reçu" in words(answer)
    assert "Voir le reçu" in words(answer)
    assert "Refresh" not in answer.headers
    assert "bank.example.org/pay" not in answer.content.decode()


def test_a_refusal_says_what_to_do(anne: Browser, alpha: Caisse, client: Client) -> None:
    with tenant_context(alpha):
        payment = begun(client, ONE)
        take_event(provider=PROVIDER, event=ended(payment.uuid, Said.REFUSED, SOON), now=SOON)
    said = words(anne.get(f"/paiements/{payment.uuid}/"))
    assert "refusé. Rien n’a été débité" in said
    assert "Que faire" in said
    assert "Choisir de nouveau ce que je paie" in said


def test_what_could_not_serve_is_told_in_words(
    anne: Browser, alpha: Caisse, client: Client, counter: Counter
) -> None:
    with tenant_context(alpha):
        payment = begun(client, ONE, TWO)
        counter.spilt[TWO] = "redeemed"
        pay(payment)
    said = words(anne.get(f"/paiements/{payment.uuid}/"))
    assert "Votre carte a été débitée, et 20,00 € n’ont pas servi" in said
    assert "Somme gardée par l’agence" in said
    for each in ("Payée pour « Café", "cela n’a pas été fait", "Ce café était déjà bu.", "L’agence décide"):
        assert each in said


def test_what_was_refused_and_paid_since_is_not_begun_again(
    anne: Browser, alpha: Caisse, client: Client
) -> None:
    with tenant_context(alpha):
        first = begun(client, ONE)
        take_event(provider=PROVIDER, event=ended(first.uuid, Said.REFUSED, SOON), now=SOON)
    there = f"/paiements/{first.uuid}/"
    assert "Recommencer ce paiement" in words(anne.get(there))
    with tenant_context(alpha):
        pay(begun(client, ONE))
    said = words(anne.get(there))
    assert "Depuis, vous avez payé pour la même chose" in said
    assert "Recommencer ce paiement" not in said


def test_the_history_has_every_state_in_words_and_always_as_many_queries(
    anne: Browser,
    alpha: Caisse,
    client: Client,
    counter: Counter,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    with tenant_context(alpha):
        for number in range(25):
            cup = uuid4()
            counter.prices[cup] = Money.of(20)
            payment = begun(client, cup)
            if number % 2:
                pay(payment)
    anne.get("/paiements/")
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]  # pytest-django's own context manager
        said = words(anne.get("/paiements/"))
    assert "Payé" in said
    assert "Pas encore confirmé" in said
    assert "page=2" in said


def test_nobody_sees_what_is_anothers(
    alpha: Caisse, beta: Caisse, client: Client, page: str, browser_at: Callable[[str], Browser]
) -> None:
    with tenant_context(alpha):
        payment = begun(client, ONE)
    bruno = put_in(browser_at(BRUNO.host), beta, user_of(beta))
    for address in (page, f"/paiements/{payment.uuid}/", f"/paiements/{payment.uuid}/retour/"):
        assert bruno.get(address).status_code == 404
        assert browser_at("alpha.localhost").get(address).status_code == 302
    assert bruno.post(page, {"form": uuid4()}).status_code == 404


def test_where_the_policy_has_no_payments_there_is_no_page(anne: Browser, alpha: Caisse, page: str) -> None:
    publish(alpha, {"products": ["pawn_loans", "documents"]})
    for address in (page, "/paiements/", f"/paiements/{uuid4()}/"):
        assert anne.get(address).status_code == 404
