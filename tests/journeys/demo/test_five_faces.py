"""Each portal's way in as its client takes it: a wrong secret, then the right one; the keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.visitor import (
    ADELE,
    CODE,
    GAELLE,
    GINETTE,
    INES,
    Person,
    assert_accessible,
    assert_fits,
    assert_structure,
    next_of_application,
    offer_secret,
    pass_terms,
    sign_in,
)

pytestmark = pytest.mark.browser

FACES = [INES, GAELLE, ADELE, GINETTE]
WRONG = {"nimes": "Pas-le-bon-0!", "nantes": "Pas-le-bon-0!", "paris": "Pas-le-bon-0!", "cpms": "918273"}
SCREENS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280, "javascript": False}, id="without JavaScript", marks=pytest.mark.slow),
]


def look(page: Page, screen: dict[str, Any]) -> None:
    if screen.get("javascript", True):
        assert_accessible(page)
        assert_fits(page)
    else:
        assert_structure(page)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("face", FACES, ids=[face.caisse for face in FACES])
def test_a_wrong_secret_then_the_right_one(
    visit: Visit, site: Site, face: Person, screen: dict[str, Any]
) -> None:
    """Where the step is blind, the page of the code comes for a wrong secret too."""
    page = visit(**screen)
    offer_secret(page, site, face, secret=WRONG[face.caisse])
    if face.caisse == "nantes":
        expect(page).to_have_url(site.url("nantes", CODE))
        expect(page.get_by_text("Si l’identifiant et le mot de passe sont justes")).to_be_visible()
    else:
        expect(page.locator(".errors")).to_contain_text("incorrect")
    look(page, screen)
    sign_in(page, site, face)
    expect(page.get_by_role("heading", level=1)).to_contain_text(face.greeting)
    look(page, screen)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize("face", FACES, ids=[face.caisse for face in FACES])
def test_the_way_in_is_accessible_in_each_scheme(visit: Visit, site: Site, face: Person, scheme: str) -> None:
    page = visit(width=1280, dark=scheme == "dark")
    for door in ("/connexion/", "/agence/connexion/"):
        page.goto(site.url(face.caisse, door))
        assert_accessible(page)


def test_the_keypad_by_keyboard_alone(visit: Visit, site: Site) -> None:
    """From the first Tab to the space: nothing is clicked."""
    page = visit(width=1280)
    page.goto(site.url("cpms", "/connexion/"))
    page.locator("[name=identifier]").focus()
    page.keyboard.type(GINETTE.identifier)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('keypad-key')"):
            break
    page.keyboard.type(GINETTE.secret)
    expect(page.get_by_text("6 chiffres saisis sur 6")).to_be_visible()
    for _ in range(16):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Continuer":
            break
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(site.url("cpms", "/connexion/"))
    pass_terms(page)
    expect(page).to_have_url(site.url("cpms", "/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(GINETTE.greeting)


def test_the_application_by_keyboard_alone(visit: Visit, site: Site) -> None:
    page = visit(width=360)
    page.goto(site.url("nantes", "/connexion/"))
    page.locator("[name=identifier]").focus()
    page.keyboard.type(GAELLE.identifier)
    page.keyboard.press("Tab")
    page.keyboard.type(GAELLE.secret)
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.url("nantes", CODE))
    page.locator("[name=code]").focus()
    page.keyboard.type(next_of_application(GAELLE))
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.url("nantes", "/"))
