"""The client's home page: a greeting, the last sign-in, a card for each product, and the menu."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.pawn.models import Contract
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.steps import SIGN_OUT, publish, put_in, sign_in, user_of
from tests.pawn.pledges import pledge, without_contracts, words
from tests.world import ANNE


@pytest.mark.parametrize(
    ("title", "greeting"),
    [("madam", "Bonjour Mme Alpha"), ("sir", "Bonjour M. Alpha"), ("none", "Bonjour Prénom Alpha")],
)
def test_the_client_is_greeted_by_name(alpha: Caisse, anne: Browser, title: str, greeting: str) -> None:
    with tenant_context(alpha):
        Client.objects.update(title=title)
    assert greeting in words(anne.get("/"))


def test_a_name_is_written_as_plain_text(alpha: Caisse, anne: Browser) -> None:
    with tenant_context(alpha):
        Client.objects.update(title="none", last_name="<script>alert(1)</script>")
    assert "<script>alert" not in words(anne.get("/"))


def test_the_last_sign_in_is_the_one_before_this_one(
    alpha: Caisse, browser_at: Callable[[str], Browser], clock: Clock
) -> None:
    """In Paris time: a summer evening of UTC is the next hour but one there."""
    browser = browser_at(ANNE.host)
    clock.set_to(datetime(2026, 7, 14, 16, 42, tzinfo=UTC))
    sign_in(browser, alpha)
    assert "première connexion" in words(browser.get("/"))
    browser.post(SIGN_OUT)
    clock.move(days=1)
    sign_in(browser, alpha)
    assert "14 juillet 2026 à 18 h 42" in words(browser.get("/"))


def test_the_card_shows_what_is_due_next_and_how_many_run(alpha: Caisse, anne: Browser) -> None:
    without_contracts(alpha)
    pledge(alpha, "1", due_in=40, objects=("Un violon",))
    pledge(alpha, "2", due_in=9, objects=("Une montre",))
    pledge(alpha, "3", due_in=-90, state="sold", objects=("Une chaîne",))
    page = words(anne.get("/"))
    assert "2 contrats en cours" in page
    assert "Une montre" in page
    assert "À échéance dans 9 jours" in page
    assert "Une chaîne" not in page


def test_one_contract_is_said_in_the_singular(alpha: Caisse, anne: Browser) -> None:
    with tenant_context(alpha):
        assert Contract.objects.count() == 1
    assert "1 contrat en cours" in words(anne.get("/"))


def test_a_sale_comes_before_a_term_that_is_near(alpha: Caisse, anne: Browser) -> None:
    without_contracts(alpha)
    pledge(alpha, "1", due_in=2, objects=("Une montre",))
    pledge(alpha, "2", due_in=60, state="for_sale", objects=("Un violon",))
    page = words(anne.get("/"))
    assert "Un violon" in page
    assert "Une montre" not in page


def test_what_the_menu_leads_to_is_not_said_to_come_soon(alpha: Caisse, anne: Browser) -> None:
    publish(alpha, {"products": ["pawn_loans", "payments", "documents"]})
    page = words(anne.get("/"))
    assert "Bientôt dans votre espace" not in page
    assert page.count("Mes documents") == 1


def test_without_any_product_the_page_sends_to_the_agency(alpha: Caisse, anne: Browser) -> None:
    publish(alpha, {"products": []})
    page = words(anne.get("/"))
    assert "Votre agence" in page
    assert "tel:+33465710001" in page


def menu(browser: Browser, path: str) -> list[tuple[str, bool]]:
    return [(line.url, line.is_current) for line in browser.get(path).context["menu"]]


def test_the_menu_marks_the_page_that_one_is_on(alpha: Caisse, anne: Browser) -> None:
    with tenant_context(alpha):
        contract = Contract.objects.get()
    entries = ("/", "/contrats/", "/rendez-vous/", "/paiements/", "/documents/", "/securite/")
    for path, current in (
        ("/", "/"),
        ("/contrats/", "/contrats/"),
        (f"/contrats/{contract.uuid}/", "/contrats/"),
        ("/rendez-vous/prendre/", "/rendez-vous/"),
        ("/mentions-legales/", ""),
        ("/securite/secret/", "/securite/"),
    ):
        assert menu(anne, path) == [(entry, entry == current) for entry in entries]


def test_the_menu_has_no_entry_for_what_the_policy_does_not_offer(alpha: Caisse, anne: Browser) -> None:
    publish(alpha, {"products": []})
    assert menu(anne, "/") == [("/", True), ("/securite/", False)]


def test_before_the_sign_in_there_is_no_menu(alpha: Caisse, browser_at: Callable[[str], Browser]) -> None:
    assert menu(browser_at(ANNE.host), "/mentions-legales/") == []


def test_staff_have_neither_menu_nor_screens_of_clients(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    with tenant_context(alpha):
        contract = Contract.objects.get()
        photo = contract.objects_pledged.get()
    staff = put_in(browser_at(ANNE.host), alpha, user_of(alpha, kind=User.Kind.STAFF))
    urls = ("/", "/contrats/", f"/contrats/{contract.uuid}/", f"/contrats/objets/{photo.uuid}/photo")
    assert staff.get("/").headers["Location"] == "/agence/"
    assert [staff.get(url).status_code for url in urls[1:]] == [404] * 3
    assert menu(staff, "/mentions-legales/") == []
    assert "Mme Alpha" not in words(staff.get("/"))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", "Hello Ms Alpha"),
        ("/contrats/", "My contracts"),
        ("/mentions-legales/", ""),
        ("/accessibilite/", ""),
    ],
)
def test_the_pages_speak_english_when_asked_to(alpha: Caisse, anne: Browser, path: str, said: str) -> None:
    anne.cookies["guichet_language"] = "en"
    answer = anne.get(path)
    assert said in words(answer)
    assert answer.headers["Content-Language"] == "en"
    assert '<html lang="en">' in answer.content.decode()
    assert "Cookie" in answer.headers["Vary"]
