"""Nîmes and Paris are plainly two houses, and each is closed to the other's clients."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.visitor import (
    ADELE,
    BASTIEN,
    INES,
    YOUSSEF,
    assert_accessible,
    assert_fits,
    offer_secret,
    sign_in,
)

pytestmark = pytest.mark.browser

DOWNLOADS = (".ics", ".pdf")


def test_the_two_sign_in_pages_differ_in_colour_type_and_name(visit: Visit, site: Site) -> None:
    page = visit()
    looks = []
    for caisse in ("nimes", "paris"):
        page.goto(site.url(caisse, "/connexion/"))
        button = page.get_by_role("button", name="Continuer").evaluate(
            "e => getComputedStyle(e).backgroundColor"
        )
        heading = page.get_by_role("heading", level=1).evaluate("e => getComputedStyle(e).fontFamily")
        looks.append((button, heading, page.title()))
    nimes, paris = looks
    assert all(one != other for one, other in zip(nimes, paris, strict=True)), looks


def test_the_same_session_opens_nothing_at_the_other_caisse(visit: Visit, site: Site) -> None:
    page = visit()
    sign_in(page, site, ADELE)
    cookies = page.context.cookies(site.url("paris"))
    page.context.add_cookies(
        [{"name": each["name"], "value": each["value"], "url": site.url("nimes")} for each in cookies]
    )
    page.goto(site.url("nimes", "/contrats/"))
    expect(page).to_have_url(site.url("nimes", "/connexion/?next=/contrats/"))


@pytest.mark.parametrize(
    "dark", [pytest.param(False, id="light"), pytest.param(True, id="dark", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("caisse", ["nimes", "paris"])
def test_each_scheme_of_each_house_is_accessible(visit: Visit, site: Site, caisse: str, dark: bool) -> None:
    page = visit(width=360, dark=dark)
    for path in (
        "/connexion/",
        "/mentions-legales/",
        "/donnees-personnelles/",
        "/accessibilite/",
        "/demo/messages/",
    ):
        page.goto(site.url(caisse, path))
        assert_accessible(page)
        assert_fits(page)


def test_sign_in_by_keyboard_alone(visit: Visit, site: Site) -> None:
    page = visit()
    page.goto(site.url("nimes", "/connexion/"))
    _tab_to(page, "identifier")
    page.keyboard.type(BASTIEN.identifier)
    _tab_to(page, "secret")
    page.keyboard.type(BASTIEN.secret)
    before = len(site.codes("nimes"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.url("nimes", "/connexion/code/"))
    _tab_to(page, "code")
    page.keyboard.type(site.next_code("nimes", after=before))
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.url("nimes"))


def _tab_to(page: Page, name: str) -> None:
    """Far enough to pass the skip link and the choice of language, not so far that the order would not matter."""
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_a_second_step_that_is_given_up_leaves_nothing_open(visit: Visit, site: Site) -> None:
    page = visit()
    before = len(site.codes("paris"))
    offer_secret(page, site, YOUSSEF)
    code = site.next_code("paris", after=before)
    page.get_by_role("button", name="Annuler").click()
    expect(page).to_have_url(site.url("paris", "/connexion/"))
    page.goto(site.url("paris", "/connexion/code/"))
    expect(page).to_have_url(site.url("paris", "/connexion/"))
    # Coming back at once: no other code leaves so soon, and the one that did is still good.
    offer_secret(page, site, YOUSSEF)
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="Vérifier").click()
    expect(page).to_have_url(site.url("paris", "/"))


def test_who_has_no_contract_is_told_what_to_do(visit: Visit, site: Site) -> None:
    page = visit(width=360)
    sign_in(page, site, INES)
    page.goto(site.url("nimes", "/contrats/"))
    assert_accessible(page)
    expect(page.get_by_role("main")).to_contain_text("contrat")
    assert page.get_by_role("main").locator("a[href^='/contrats/']").count() == 0


def test_no_link_of_a_signed_in_client_is_dead(visit: Visit, site: Site) -> None:
    page = visit()
    sign_in(page, site, ADELE)
    waiting, seen = [site.url("paris")], set()
    while waiting:
        address = waiting.pop()
        # Of links that differ by what their questions are answered with, such as the hours of a week, one is followed.
        split = urlsplit(address)
        alike = (split.path, frozenset(parse_qs(split.query)))
        # The demo's mailbox holds what others were sent.
        if alike in seen or split.path.endswith(DOWNLOADS) or split.path.startswith("/demo/"):
            continue
        seen.add(alike)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        links = page.locator("a[href]").evaluate_all("all => all.map(a => a.href.split('#')[0])")
        waiting += [link for link in links if link.startswith(site.url("paris"))]
    assert len(seen) > 6
