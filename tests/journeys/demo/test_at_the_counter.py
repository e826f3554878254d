"""A member of staff at the counter: finds a client, opens an access, replaces a phone; on a phone and on a desk."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.staff import put_in, shut_out
from tests.journeys.visitor import (
    BASTIEN,
    assert_accessible,
    assert_fits,
    assert_readable,
    assert_structure,
    offer_secret,
    sign_in,
)

pytestmark = pytest.mark.browser

Look = Callable[[], None]
BASTIEN_EMAIL = "bastien.rouviere@example.org"


def looking(page: Page, *, javascript: bool) -> Look:
    def look() -> None:
        assert_structure(page)
        if javascript:
            assert_accessible(page)
            assert_fits(page)

    return look


def find(page: Page, site: Site, typed: str) -> None:
    page.goto(site.url("nimes", "/agence/"))
    page.locator("[name=words]").fill(typed)
    page.get_by_role("button", name="Chercher").click()


def open_file(page: Page, site: Site, typed: str, name: str) -> None:
    find(page, site, typed)
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.split(maxsplit=1)[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "javascript"),
    [pytest.param(360, True, id="phone"), pytest.param(1280, False, id="plain", marks=pytest.mark.slow)],
)
def test_a_client_is_let_in_again_and_a_phone_replaced(
    visit: Visit, site: Site, width: int, javascript: bool
) -> None:
    client, desk = visit(width=360), visit(width=width, javascript=javascript)
    look = looking(desk, javascript=javascript)
    put_in(desk, site)
    desk.goto(site.url("nimes", "/agence/"))
    expect(desk.get_by_text("Espace de l’agence")).to_be_visible()
    look()
    _who_is_not_there(desk, site, look)
    # An hour has so many codes for one phone: that of this client is replaced below, and begins anew.
    shut_out(site, BASTIEN)
    offer_secret(client, site, BASTIEN)
    expect(client.get_by_text("Patientez un peu")).to_be_visible()
    _let_in(desk, site, look)
    sign_in(client, site, BASTIEN)
    _replace_a_phone(desk, site, look)
    _correct_an_address(desk, look)
    desk.get_by_role("navigation").get_by_role("link", name="Messages").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Messages")
    look()
    desk.get_by_role("button", name="Se déconnecter").click()
    expect(desk).to_have_url(re.compile(r"/agence/connexion/\?deconnecte=1$"))


def _who_is_not_there(page: Page, site: Site, look: Look) -> None:
    find(page, site, "personne de ce nom")
    expect(page.get_by_text("Aucun client trouvé")).to_be_visible()
    look()
    find(page, site, "")
    expect(page.get_by_text("Saisissez un nom").first).to_be_visible()
    look()


def _let_in(page: Page, site: Site, look: Look) -> None:
    find(page, site, "ROUV bastien")
    look()
    page.get_by_role("link", name="Rouvière Bastien").click()
    expect(page.get_by_text("après des échecs")).to_be_visible()
    look()
    page.get_by_role("link", name="Rouvrir l’accès").click()
    look()
    page.get_by_role("button", name="Rouvrir l’accès").click()
    expect(page.get_by_text("Choisissez une raison").first).to_be_visible()
    look()
    page.get_by_label("Le client est venu à l’agence").check()
    page.get_by_role("button", name="Rouvrir l’accès").click()
    expect(page.get_by_text("L’accès est rouvert")).to_be_visible()
    look()


def _replace_a_phone(page: Page, site: Site, look: Look) -> None:
    """To another number, and back: the next visitor finds the client as this one did."""
    number = "06 39 98 77 77"
    _ask_for_a_phone(page, site, "06 12", look)
    expect(page.get_by_text("Ce n’est pas un numéro de téléphone").first).to_be_visible()
    look()
    page.get_by_label("Nouveau numéro de mobile").fill(number)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vérifiez avant de remplacer")
    look()
    page.get_by_role("button", name="Modifier").click()
    expect(page.get_by_label("Nouveau numéro de mobile")).to_have_value(number)
    page.get_by_role("button", name="Continuer").click()
    _replace(page)
    _ask_for_a_phone(page, site, "06 39 98 56 78", lambda: None)
    _replace(page)


def _correct_an_address(page: Page, look: Look) -> None:
    """To what the file says already, so that the next visitor finds it so."""
    page.get_by_role("link", name="Corriger l’e-mail ou le mobile").click()
    look()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Saisissez ce qui change").first).to_be_visible()
    look()
    page.get_by_label("Passeport").check()
    page.get_by_label("La personne est devant moi").check()
    page.get_by_label("Nouvelle adresse e-mail").fill(BASTIEN_EMAIL)
    page.get_by_label("Il y avait une faute dans le dossier").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vérifiez avant de corriger")
    look()
    page.get_by_role("button", name="Corriger les coordonnées").click()
    expect(page.get_by_text("C’était déjà ce que dit le dossier")).to_be_visible()


def _ask_for_a_phone(page: Page, site: Site, number: str, look: Look) -> None:
    open_file(page, site, "C-20533", "Rouvière Bastien")
    page.get_by_role("link", name="Remplacer le téléphone").click()
    look()
    page.get_by_label("Carte d’identité").check()
    page.get_by_label("La personne est devant moi").check()
    page.get_by_label("Nouveau numéro de mobile").fill(number)
    page.get_by_label("Téléphone perdu ou volé").check()
    page.get_by_role("button", name="Continuer").click()


def _replace(page: Page) -> None:
    page.get_by_role("button", name="Remplacer le téléphone").click()
    expect(page.get_by_text("Le téléphone est remplacé")).to_be_visible()


def test_the_sessions_of_the_client_end_with_the_old_phone(visit: Visit, site: Site) -> None:
    client, desk = visit(width=360), visit()
    sign_in(client, site, BASTIEN)
    put_in(desk, site)
    for number in ("06 39 98 77 77", "06 39 98 56 78"):
        _ask_for_a_phone(desk, site, number, lambda: None)
        _replace(desk)
    client.goto(site.url("nimes", "/contrats/"))
    expect(client).to_have_url(site.url("nimes", "/connexion/?next=/contrats/"))


@pytest.mark.slow
def test_the_counter_is_readable_in_both_schemes(visit: Visit, site: Site) -> None:
    page = visit(width=1280)
    put_in(page, site, ("paris", "hugo.lemoine@paris.example.org"))
    page.goto(site.url("paris", "/agence/"))
    assert_readable(page)
    page.locator("[name=words]").fill("morand")
    page.get_by_role("button", name="Chercher").click()
    assert_readable(page)
    page.get_by_role("link", name="Morand Adèle").click()
    for name in ("Remplacer le téléphone", "Morand Adèle"):
        assert_readable(page)
        assert_fits(page)
        page.get_by_role("link", name=name).click()


def test_the_search_is_reached_and_sent_by_keyboard_alone(visit: Visit, site: Site) -> None:
    page = visit()
    put_in(page, site)
    page.goto(site.url("nimes", "/agence/"))
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "words":
            break
    page.keyboard.type("arnal")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Arnal Lucie")).to_be_visible()
