"""A contract on paper: what is read, and nothing that is pressed."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.visitor import LUCIE, sign_in

pytestmark = pytest.mark.browser


def test_a_contract_prints_without_menu_buttons_or_addresses(visit: Visit, site: Site) -> None:
    page = visit()
    sign_in(page, site, LUCIE)
    page.goto(site.url("nimes", "/contrats/"))
    page.get_by_role("link", name="Bague en or et diamant").first.click()
    date = page.get_by_text("Imprimé le")
    expect(date).to_be_hidden()
    page.emulate_media(media="print")
    for text in (
        "Bague en or et diamant",
        "24-118203",
        "1 059,20 €",
        "Chaîne en or",
        "Et ensuite",
        "Imprimé le",
    ):
        expect(page.get_by_text(text).first).to_be_visible()
    for role in ("button", "navigation", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(0)
    expect(page.get_by_text("Se déconnecter")).to_be_hidden()
    links = page.locator("main a:visible")
    assert links.count() > 0
    assert {each.evaluate("e => getComputedStyle(e).textDecorationLine") for each in links.all()} == {"none"}
    assert {each.evaluate("e => getComputedStyle(e, '::after').content") for each in links.all()} <= {
        "none",
        "normal",
    }
