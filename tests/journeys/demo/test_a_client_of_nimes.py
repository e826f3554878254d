"""The journey of a client of Nîmes, from the front door to signing out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.visitor import LUCIE, assert_accessible, assert_fits, assert_structure, offer_secret

pytestmark = pytest.mark.browser

PHONE, DESK = 360, 1280


@pytest.mark.parametrize(
    ("width", "javascript"),
    [
        pytest.param(PHONE, True, id="phone"),
        pytest.param(DESK, False, id="desk-plain"),
        pytest.param(PHONE, False, id="phone-plain", marks=pytest.mark.slow),
        pytest.param(DESK, True, id="desk", marks=pytest.mark.slow),
    ],
)
def test_from_the_front_door_to_a_contract_and_out_again(
    visit: Visit, site: Site, width: int, javascript: bool
) -> None:
    page = visit(width=width, javascript=javascript)

    def look() -> None:
        assert_structure(page)
        if javascript:
            assert_accessible(page)
            assert_fits(page)

    page.goto(site.url(""))
    look()
    page.get_by_role("link", name="Nîmes").first.click()
    expect(page).to_have_url(site.url("nimes", "/connexion/?next=/"))
    look()
    _a_wrong_secret_says_nothing_of_the_identifier(page, site)
    look()
    _both_steps(page, site)
    expect(page.get_by_role("heading", level=1)).to_contain_text(LUCIE.greeting)
    look()
    _the_contracts(page, look)
    _the_pages_of_the_law(page, site, look)
    _english_and_out(page, site, look)


def _a_wrong_secret_says_nothing_of_the_identifier(page: Page, site: Site) -> None:
    offer_secret(page, site, LUCIE, secret="Ce-n-est-pas-lui-1!")
    expect(page.get_by_text("Identifiant ou mot de passe incorrect").first).to_be_visible()
    expect(page.locator("[name=identifier]")).to_have_value(LUCIE.identifier)
    expect(page.locator("[name=secret]")).to_have_value("")


def _both_steps(page: Page, site: Site) -> None:
    before = len(site.codes("nimes"))
    offer_secret(page, site, LUCIE)
    expect(page.get_by_text("•• •• •• •2 34")).to_be_visible()
    code = site.next_code("nimes", after=before)
    page.locator("[name=code]").fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_text("Ce code n’est pas le bon").first).to_be_visible()
    page.locator("[name=code]").fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="Vérifier").click()


def _the_contracts(page: Page, look: Callable[[], None]) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Mes contrats").click()
    look()
    page.get_by_role("link", name="Bague en or et diamant").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bague en or et diamant")
    for text in ("24-118203", "1 059,20 €", "À échéance dans 12 jours"):
        expect(page.get_by_text(text).first).to_be_visible()
    look()
    _on_paper(page)
    _unfolded(page, "1 000,00 €", "Chaîne en or")
    assert page.locator("img.thumb-photo").count() >= 1
    look()


def _unfolded(page: Page, *texts: str) -> None:
    """By keyboard, with scripts or without."""
    for text in texts:
        expect(page.get_by_text(text).first).to_be_hidden()
    for card in page.locator("details.fold > summary").all():
        card.press("Enter")
    for text in texts:
        expect(page.get_by_text(text).first).to_be_visible()


def _on_paper(page: Page) -> None:
    """What is read, and nothing that is pressed."""
    date = page.get_by_text("Imprimé le")
    expect(date).to_be_hidden()
    page.emulate_media(media="print")
    for text in (
        "Bague en or et diamant",
        "24-118203",
        "1 059,20 €",
        "1 000,00 €",
        "Chaîne en or",
        "Et ensuite",
    ):
        expect(page.get_by_text(text).first).to_be_visible()
    expect(date).to_be_visible()
    for role in ("button", "navigation", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(0)
    links = page.locator("main a:visible").all()
    assert links
    assert {each.evaluate("e => getComputedStyle(e).textDecorationLine") for each in links} == {"none"}
    told = {each.evaluate("e => getComputedStyle(e, '::after').content") for each in links}
    assert told <= {"none", "normal"}
    page.emulate_media(media="screen")


def _the_pages_of_the_law(page: Page, site: Site, look: Callable[[], None]) -> None:
    for name in ("Mentions légales", "Données personnelles", "Accessibilité"):
        page.get_by_role("contentinfo").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        look()


def _english_and_out(page: Page, site: Site, look: Callable[[], None]) -> None:
    page.goto(site.url("nimes", "/contrats/"))
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(site.url("nimes", "/contrats/"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_contain_text("My contracts")
    look()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(site.url("nimes", "/connexion/?deconnecte=1"))
    page.goto(site.url("nimes", "/contrats/"))
    expect(page).to_have_url(site.url("nimes", "/connexion/?next=/contrats/"))
