"""What these people do, and what they read."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tenant_apps.demo.people import Person
from tests.journeys.site import Site
from tests.journeys.visitor import assert_accessible, assert_fits, plain_field

SIGN_IN, CODE = "/connexion/", "/connexion/code/"
FIRST, FIRST_CHOICE = "/premiere-connexion/demande/", "/premiere-connexion/choisir/"
RECOVER, ASKED, TYPED, CHOICE, DONE = (
    "/secret-oublie/",
    "/secret-oublie/suite/",
    "/secret-oublie/code/",
    "/secret-oublie/choisir/",
    "/secret-oublie/fait/",
)
_LINK = re.compile(r"http://\S+/lien/[\w-]+/")
_SMS_CODE = re.compile(r"code est (\w+)\.")
_ALONE = re.compile(r"^ *(\w[\w ]*\w)$", re.MULTILINE)
_LIVES = re.compile(r"valable (\d+ \w+)")

Message = Mapping[str, Any]


def look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def read(text: str) -> str:
    """Without the line breaks and the spaces that hold words together."""
    return " ".join(text.split())


def link_in(message: Message) -> str:
    found = _LINK.findall(message["text"])
    assert len(found) == 1, message["text"]
    return str(found[0])


def code_in(message: Message) -> str:
    """Of an SMS in its sentence, of a mail or a letter on a line of its own."""
    found = _SMS_CODE.findall(read(message["text"])) or _ALONE.findall(message["text"])
    return str(found[0])


def lifetimes(*texts: str) -> set[str]:
    """Each that is told."""
    return {found for text in texts for found in _LIVES.findall(read(text))}


def offer(page: Page, site: Site, who: Person, *, identifier: str = "", secret: str = "") -> None:
    """The first step, from the page of sign-in. What is not said is as the demo prints it."""
    page.goto(site.url(who.caisse, SIGN_IN))
    page.locator("[name=identifier]").fill(identifier or who.identifier)
    plain_field(page, "secret").fill(secret or who.secret)
    page.get_by_role("button", name="Continuer").click()


def verify(page: Page, code: str) -> None:
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="Vérifier").click()


def enter(page: Page, site: Site, who: Person, *, identifier: str = "", secret: str = "") -> None:
    """Both steps, with the code that the phone receives."""
    before = site.sent(who.caisse, kind="sms_code", to=who.mobile)
    offer(page, site, who, identifier=identifier, secret=secret)
    expect(page).to_have_url(site.url(who.caisse, CODE))
    verify(page, code_in(site.awaited(who.caisse, kind="sms_code", to=who.mobile, after=before)))
    is_in(page, site, who)


def link_phone(page: Page, site: Site, who: Person) -> None:
    """At the first sign-in: the phone of the file receives its first code."""
    before = site.sent(who.caisse, kind="sms_code", to=who.mobile)
    page.get_by_role("button", name="Recevoir le code").click()
    verify(page, code_in(site.awaited(who.caisse, kind="sms_code", to=who.mobile, after=before)))


def is_in(page: Page, site: Site, who: Person) -> None:
    expect(page).to_have_url(site.url(who.caisse, "/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(who.last_name)


def choose_password(page: Page, password: str) -> None:
    for name in ("password", "again"):
        page.locator(f"[name={name}]").fill(password)
    page.get_by_role("button", name="Enregistrer").click()


def ask_again(page: Page, site: Site, who: Person, name: str, *, identifier: str = "") -> None:
    """A secret that was forgotten, from the page of sign-in."""
    page.goto(site.url(who.caisse, SIGN_IN))
    page.get_by_role("link", name=name).click()
    expect(page).to_have_url(site.url(who.caisse, RECOVER))
    page.locator("[name=identifier]").fill(identifier or who.identifier)
    page.get_by_role("button", name="Continuer").click()


def keypad(page: Page, name: str) -> Locator:
    """Once its scripts have drawn it."""
    pad = page.locator(f"#{name}-keypad")
    expect(pad).to_be_visible()
    return pad


def drawn(page: Page, name: str) -> str:
    """Its ten digits, in the order in which they stand."""
    keys: Sequence[str] = keypad(page, name).locator(".keypad-key").all_inner_texts()
    return "".join(key.strip() for key in keys)


def press(page: Page, name: str, pin: str) -> None:
    pad = keypad(page, name)
    for digit in pin:
        pad.get_by_role("button", name=digit, exact=True).click()


def choose_pin(page: Page, pin: str) -> None:
    """Twice, on keypads that are scrambled each for itself."""
    orders = [drawn(page, name) for name in ("pin", "again")]
    assert [sorted(order) for order in orders] == [list("0123456789")] * 2
    assert orders[0] != orders[1]
    for name in ("pin", "again"):
        press(page, name, pin)
    page.get_by_role("button", name="Enregistrer").click()
