"""CPMS, the mutual: E1 to E4."""

import base64
import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tenant_apps.demo.people import Person
from tests.journeys.conftest import Visit
from tests.journeys.demo.behaviours.people import living
from tests.journeys.demo.behaviours.steps import (
    CHOICE,
    DONE,
    FIRST_CHOICE,
    SIGN_IN,
    TYPED,
    ask_again,
    choose_pin,
    code_in,
    drawn,
    is_in,
    keypad,
    lifetimes,
    look,
    offer,
    press,
    read,
)
from tests.journeys.site import Site
from tests.journeys.staff import let_pass
from tests.journeys.test_letters_at_the_counter import READ
from tests.journeys.visitor import TERMS, of_the_demo, pass_terms, sign_in
from tests.journeys.visitor import Person as Visitor

pytestmark = pytest.mark.browser

FORGOTTEN, NEW, WRONG = "Code secret oublié", "730481", "918273"
KEY = "36"
MARC = of_the_demo("cpms", "marc.pujol@cpms.example.org")


@pytest.mark.slow
def test_e1_the_number_and_a_pin_on_a_scrambled_keypad_open(site: Site, come: Visit) -> None:
    (ginette,) = living("e1")
    page = come()
    orders = []
    # Its key is typed or not.
    for identifier in ("2580399912017", f"2 58 03 99 912 017 {KEY}"):
        page.goto(site.url("cpms", SIGN_IN))
        orders.append(drawn(page, "secret"))
        _two_rows_of_five(page)
        page.locator("[name=identifier]").fill(identifier)
        press(page, "secret", f"{ginette.secret[:-1]}0")
        keypad(page, "secret").get_by_role("button", name="Effacer").click()
        expect(keypad(page, "secret")).to_contain_text("5 chiffres saisis sur 6")
        press(page, "secret", ginette.secret[-1])
        look(page)
        page.get_by_role("button", name="Continuer").click()
        expect(
            page.get_by_role("button", name="Quitter").or_(page.get_by_text("Se déconnecter")).first
        ).to_be_visible()
        pass_terms(page)
        is_in(page, site, ginette)
        page.get_by_role("button", name="Se déconnecter").click()
    assert orders[0] != orders[1]
    assert [sorted(order) for order in orders] == [list("0123456789")] * 2


def _two_rows_of_five(page: Page) -> None:
    keys = keypad(page, "secret").locator(".keypad-key").all()
    tops = [round(box["y"]) for key in keys if (box := key.bounding_box())]
    assert len(tops) == 10
    assert (len(set(tops[:5])), len(set(tops[5:])), len(set(tops))) == (1, 1, 2)


@pytest.mark.slow
def test_e2_a_security_code_comes_by_mail_or_else_by_post(site: Site, come: Visit) -> None:
    bernard, josette = living("e2")
    page = come()
    ask_again(page, site, bernard, FORGOTTEN)
    expect(page).to_have_url(site.url("cpms", TYPED))
    expect(page.get_by_role("main")).to_contain_text("Une lettre avec un code, à l’adresse que nous avons.")
    look(page)
    mail = site.awaited("cpms", kind="recovery_code", to=bernard.email)
    code = code_in(mail)
    assert re.fullmatch(r"\d{6}", code)
    page.locator("[name=code]").fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator(".errors")).to_contain_text("n’est pas le bon")
    _spend(page, site, bernard, code)

    asking, page = come(), come()
    ask_again(asking, site, josette, FORGOTTEN)
    expect(asking).to_have_url(site.url("cpms", TYPED))
    code = _print(come(width=1280), site, josette)
    # Days later, in a browser that asked for nothing.
    page.goto(site.url("cpms", SIGN_IN))
    page.get_by_role("link", name=FORGOTTEN).click()
    page.get_by_role("link", name="J’ai déjà reçu un code").click()
    page.locator("[name=identifier]").fill(josette.identifier)
    _spend(page, site, josette, code)


def _spend(page: Page, site: Site, who: Person, code: str) -> None:
    """The code, then a PIN of one's own, with which one comes in."""
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(site.url("cpms", CHOICE))
    choose_pin(page, NEW)
    expect(page).to_have_url(site.url("cpms", DONE))
    look(page)
    page.get_by_role("link", name="Aller à la connexion").click()
    offer(page, site, who, secret=NEW)
    expect(page).to_have_url(site.url("cpms", TERMS))
    pass_terms(page)
    is_in(page, site, who)


def _print(desk: Page, site: Site, who: Person) -> str:
    """The code on the sheet of the agency's batch that goes to this address."""
    site.awaited("cpms", kind="recovery_code", to=f"Mme {who.last_name}, {who.postcode} {who.town}")
    sign_in(desk, site, MARC)
    desk.get_by_role("navigation").get_by_role("link", name="Courriers").click()
    desk.get_by_role("button", name="Préparer le lot").last.click()
    link = desk.get_by_role("link", name="Ouvrir le PDF des lettres")
    pdf = base64.b64decode(desk.evaluate(READ, link.get_attribute("href")))
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages]
    (sheet,) = [each for each in sheets if who.last_name in each]
    for line in (*who.postal_lines, f"{who.postcode} {who.town}"):
        assert read(line) in read(sheet)
    (code,) = re.findall(r"^ *(\d{4} \d{4}) *$", sheet, re.MULTILINE)
    return str(code)


@pytest.mark.slow
def test_e3_the_code_of_a_letter_a_pin_twice_and_terms_that_one_may_decline(site: Site, come: Visit) -> None:
    (denise,) = living("e3")
    to = f"Mme {denise.last_name}, {denise.postcode} {denise.town}"
    letter = site.awaited("cpms", kind="activation_letter", to=to)
    assert letter["channel"] == "letter"
    for line in (*denise.postal_lines, f"{denise.postcode} {denise.town}"):
        assert line in read(letter["text"])
    page = come()
    page.goto(site.url("cpms", SIGN_IN))
    page.get_by_role("link", name="Première connexion").click()
    assert lifetimes(page.get_by_role("main").inner_text()) == {"15 jours"}
    (code,) = re.findall(r"^ *(\d{4} \d{4}) *$", letter["text"], re.MULTILINE)
    for typed in ("1111 1111" if code != "1111 1111" else "2222 2222", code):
        # A social security number is never filled in again.
        page.locator("[name=identifier]").fill(denise.identifier)
        page.locator("[name=code]").fill(typed)
        page.get_by_role("button", name="Continuer").click()
        if typed != code:
            expect(page.locator(".errors")).to_contain_text("le code n’est pas le bon")
    expect(page).to_have_url(site.url("cpms", FIRST_CHOICE))
    look(page)
    choose_pin(page, NEW)
    expect(page.get_by_role("heading", level=1)).to_have_text("Les conditions d’utilisation")
    expect(page.get_by_role("main")).to_contain_text("Vous êtes libre de les accepter ou non")
    look(page)
    page.get_by_role("button", name="Continuer sans accepter").click()
    is_in(page, site, denise)


def test_e4_three_tries_are_counted_down_then_a_minute_is_waited(site: Site, come: Visit) -> None:
    (xavier,) = living("e4")
    page = come()
    for left in ("2 essais", "1 essai"):
        offer(page, site, xavier, secret=WRONG)
        expect(page.get_by_role("main")).to_contain_text(
            f"Il vous reste {left}. Ensuite, il faudra attendre 1 minute."
        )
    offer(page, site, xavier, secret=WRONG)
    expect(page.get_by_role("heading", name="Patientez un peu")).to_be_visible()
    wait = page.locator("[data-countdown]")
    assert 50 <= int(wait.get_attribute("data-countdown") or 0) <= 60
    expect(wait).to_contain_text("Vous pourrez réessayer dans")
    look(page)
    # The right one opens nothing before the time, nor makes it longer.
    offer(page, site, xavier)
    expect(page.get_by_role("heading", name="Patientez un peu")).to_be_visible()
    let_pass(site, Visitor("cpms", xavier.identifier, "", ""), seconds=60)
    offer(page, site, xavier)
    expect(page).to_have_url(site.url("cpms", TERMS))
    pass_terms(page)
    is_in(page, site, xavier)
