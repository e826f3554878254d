"""The first connection of a client, at caisses with the rules of three portals."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.identity.keypads import PIN, application_shows
from tests.identity.steps import publish, sms_codes
from tests.identity.waiting import (
    CHOOSE,
    DIRECT,
    IDENTIFIER,
    LETTER,
    LINK,
    MUTUAL,
    NIR,
    NIR_KEPT,
    OWN_SECRET,
    PASSWORD,
    first_passwords,
    letter_codes,
    links,
    newcomer,
    send,
)
from tests.journeys.caisses import Caisses
from tests.journeys.conftest import Visit
from tests.journeys.visitor import (
    assert_accessible,
    assert_fits,
    assert_readable,
    assert_structure,
    plain_field,
)
from tests.world import ALPHA

pytestmark = pytest.mark.browser

FINGER = 44
SCREENS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 1280}, id="wide", marks=pytest.mark.slow),
    pytest.param({"width": 360, "javascript": False}, id="without JavaScript", marks=pytest.mark.slow),
]
screens = pytest.mark.parametrize("screen", SCREENS)
# What a phone does has its journey in the demo.
others = pytest.mark.parametrize("screen", SCREENS[1:])


def prepare(policy: dict[str, Any], *, identifier: str = IDENTIFIER) -> Caisse:
    """Alpha with these rules, and somebody who has just been sent what the first connection needs."""
    alpha = caisse_of_schema(schema=ALPHA)
    publish(alpha, policy, instead_of="identifier" if "identifier" in policy else "")
    send(alpha, newcomer(alpha, identifier=identifier))
    return alpha


def look(page: Page, screen: dict[str, Any]) -> None:
    if screen.get("javascript", True):
        (assert_readable if screen["width"] == 360 else assert_accessible)(page)
        assert_fits(page)
    else:
        assert_structure(page)


def choose_password(page: Page) -> None:
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    page.get_by_role("button", name="Enregistrer").click()


@others
def test_by_a_link(caisses: Caisses, visit: Visit, screen: dict[str, Any]) -> None:
    """Nîmes: the link, the password, then the page of sign-in."""
    alpha = caisses.do(prepare, LINK)
    page = visit(**screen)
    page.goto(caisses.url(ALPHA, caisses.do(links, alpha)[0]))
    expect(page).to_have_url(caisses.url(ALPHA, CHOOSE))
    look(page, screen)
    page.locator("[name=password]").fill("court")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".errors")).to_contain_text("Il en faut 12 au moins.")
    look(page, screen)
    choose_password(page)
    expect(page).to_have_url(re.compile(r"/connexion/\?actif=1$"))
    expect(page.get_by_text("C’est fait.")).to_be_visible()
    look(page, screen)
    page.locator("[name=identifier]").fill(IDENTIFIER)
    page.locator("[name=secret]").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Recevoir le code").click()
    page.locator("[name=code]").fill(caisses.do(sms_codes, alpha)[-1])
    page.get_by_role("button", name="Vérifier").click()
    expect(page).to_have_url(caisses.url(ALPHA, "/"))


@screens
def test_by_a_first_password(caisses: Caisses, visit: Visit, screen: dict[str, Any]) -> None:
    """Nantes: the first password, one's own, the application, the space."""
    alpha = caisses.do(prepare, DIRECT)
    page = visit(**screen)
    page.goto(caisses.url(ALPHA, "/connexion/"))
    page.locator("[name=identifier]").fill(IDENTIFIER)
    page.locator("[name=secret]").fill(caisses.do(first_passwords, alpha)[0])
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(caisses.url(ALPHA, OWN_SECRET))
    look(page, screen)
    choose_password(page)
    page.get_by_role("link", name="Choisir l’application").click()
    beside = page.get_by_role("link", name="Choisir un autre moyen").bounding_box()
    assert beside is not None
    assert beside["height"] >= FINGER
    key = "".join(page.locator(".qr-key").inner_text().split())
    page.locator("[name=code]").fill(application_shows(key=key))
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    look(page, screen)
    page.get_by_role("button", name="Je les ai gardés").click()
    expect(page).to_have_url(caisses.url(ALPHA, "/"))


def test_the_keys_of_a_keypad_stand_on_the_first_screen_of_a_phone(caisses: Caisses, visit: Visit) -> None:
    caisses.do(prepare, MUTUAL, identifier=NIR_KEPT)
    page = visit(width=360)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(caisses.url(ALPHA, "/connexion/"))
    last = page.locator(".keypad-key").last
    expect(last).to_be_visible()
    box = last.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 740


@pytest.mark.slow
@screens
def test_by_a_letter(caisses: Caisses, visit: Visit, screen: dict[str, Any]) -> None:
    """CPMS: the social security number and the code of the letter, then the PIN twice, then the space."""
    alpha = caisses.do(prepare, MUTUAL, identifier=NIR_KEPT)
    page = visit(**screen)
    page.goto(caisses.url(ALPHA, "/connexion/"))
    page.get_by_role("link", name="Première connexion").click()
    expect(page).to_have_url(caisses.url(ALPHA, LETTER))
    look(page, screen)
    page.locator("[name=identifier]").fill(NIR)
    page.locator("[name=code]").fill("1111 1111")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator(".errors")).to_contain_text("le code n’est pas le bon")
    look(page, screen)
    # A NIR is typed again: no page says it.
    page.locator("[name=identifier]").fill(NIR)
    page.locator("[name=code]").fill(caisses.do(letter_codes, alpha)[0])
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(caisses.url(ALPHA, CHOOSE))
    look(page, screen)
    for name in ("pin", "again"):
        plain_field(page, name).fill(PIN)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page).to_have_url(caisses.url(ALPHA, "/"))


@others
def test_asked_for_and_a_link_that_serves_no_more(
    caisses: Caisses, visit: Visit, screen: dict[str, Any]
) -> None:
    """A client of before; and who comes with an old link is led to ask again."""
    caisses.do(prepare, LINK)
    page = visit(**screen)
    page.goto(caisses.url(ALPHA, "/connexion/"))
    page.get_by_role("link", name="Première connexion").click()
    look(page, screen)
    page.locator("[name=identifier]").fill(IDENTIFIER)
    page.get_by_role("button", name="Demander ma première connexion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est enregistrée")
    look(page, screen)


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_the_rules_tick_themselves_off_while_one_types(caisses: Caisses, visit: Visit, width: int) -> None:
    alpha = caisses.do(prepare, LINK)
    page = visit(width=width)
    page.goto(caisses.url(ALPHA, caisses.do(links, alpha)[0]))
    page.locator("[name=password]").fill("court")
    expect(page.locator("[data-rule=length]")).to_contain_text("(pas encore)")
    expect(page.locator("[data-strength]")).to_contain_text("faible")
    page.locator("[name=password]").fill(PASSWORD)
    expect(page.locator("[data-rule=length]")).to_have_class("met")
    # The page does not know her name, which the server would refuse in it.
    expect(page.locator("[data-strength]")).to_contain_text("bonne, si vous suivez aussi")
    page.locator("[name=password]").fill("")
    expect(page.locator("[data-rule=length]")).not_to_contain_text("(")
    assert_accessible(page)
