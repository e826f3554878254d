"""What a person does, step by step."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tenant_apps.demo.accounts import demo_accounts
from tenant_apps.identity.totp import code_at, step_of
from tests.journeys.site import Site

_axe = Axe()
OF_COLOURS = ("color-contrast", "link-in-text-block")


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person of the demo, as fixtures/people has them."""

    caisse: str
    identifier: str
    secret: str
    greeting: str
    kind: str = "client"
    totp_key: str = ""

    @property
    def door(self) -> str:
        """Where this person signs in."""
        return "/agence/connexion/" if self.kind == "staff" else "/connexion/"


LUCIE = Person("nimes", "10 4399 2017", "Violon-et-bagues-30!", "Mme Arnal")
BASTIEN = Person("nimes", "10.4400.52213", "Horloge-comtoise-7?", "M. Rouvière")
INES = Person("nimes", "1044101890", "Olivier-au-jardin-12;", "Mme Castanier")
YOUSSEF = Person("paris", "p 770318", "Canal-Saint-Martin-88", "M. Delaunay")
ADELE = Person("paris", "Adele.Morand@example.org", "Porte-cochere-du-Marais-5", "Mme Morand")


def of_the_demo(caisse: str, identifier: str, *, greeting: str = "") -> Person:
    """With the application that the demo says is linked."""
    row = next(
        each for each in demo_accounts() if (each["caisse"], each["identifier"]) == (caisse, identifier)
    )
    return Person(caisse, identifier, row["secret"], greeting, kind=row["kind"], totp_key=row["totp_key"])


CAMILLE = of_the_demo("gie", "camille.ferrand@gie.example.org", greeting="Camille Ferrand")
GAELLE = of_the_demo("nantes", "740218906351", greeting="Mme Riou")
SOLENE = of_the_demo("nantes", "solene.guillou@nantes.example.org")
GINETTE = Person("cpms", "2 58 03 99 912 017", "736914", "Mme Parès")

CODE, TERMS = "/connexion/code/", "/connexion/conditions/"
_shown: dict[str, int] = {}


def offer_secret(page: Page, site: Site, person: Person, *, secret: str | None = None) -> None:
    """Fill the first step and send it; a PIN goes into the plain field, the keypad's twin."""
    page.goto(site.url(person.caisse, person.door))
    page.locator("[name=identifier]").fill(person.identifier)
    plain_field(page, "secret").fill(secret or person.secret)
    page.get_by_role("button", name="Continuer").click()


def plain_field(page: Page, name: str) -> Locator:
    """The field under a keypad, shown. Until the page's scripts have run it shows, and is hidden in the next moment."""
    page.wait_for_load_state()
    field = page.locator(f"[name={name}]")
    if not field.is_visible():
        page.locator(f":has(> [data-keypad-plain] [name={name}]) [data-keypad-use=plain]").click()
    return field


def sign_in(page: Page, site: Site, person: Person) -> None:
    """Both steps, the code read where the demo shows messages, or computed as the application would."""
    before = len(site.codes(person.caisse))
    offer_secret(page, site, person)
    if page.url == site.url(person.caisse, CODE):
        code = next_of_application(person) if person.totp_key else site.next_code(person.caisse, after=before)
        page.locator("[name=code]").fill(code)
        page.get_by_role("button", name="Vérifier").click()
        if person.totp_key and page.url == site.url(person.caisse, CODE):
            # The clock went on to the next step between the code and its check.
            page.locator("[name=code]").fill(next_of_application(person))
            page.get_by_role("button", name="Vérifier").click()
    pass_terms(page)
    landing = "/agence/" if person.kind == "staff" else "/"
    expect(page).to_have_url(site.url(person.caisse, landing))


def pass_terms(page: Page) -> None:
    """Where a caisse shows its terms to who has not answered yet."""
    if page.url.endswith(TERMS):
        page.get_by_role("button", name="Continuer sans accepter").click()


def next_of_application(person: Person) -> str:
    """A code that was not used yet: each serves once, that of now and the next one are accepted."""
    here = step_of(datetime.now(UTC))
    step = max(here, _shown.get(person.totp_key, 0) + 1)
    while step > here + 1:
        time.sleep(1)  # only time brings the next code
        here = step_of(datetime.now(UTC))
    _shown[person.totp_key] = step
    return code_at(person.totp_key, step)


def assert_accessible(page: Page, *rules: str) -> None:
    """No violation that axe-core knows of; of these rules, where some are named."""
    only: dict[str, Any] = {"runOnly": list(rules)} if rules else {}
    results = _axe.run(page, options={"resultTypes": ["violations"], **only})
    assert results.violations_count == 0, results.generate_report()


def assert_readable(page: Page) -> None:
    """The same in each scheme, of which the dark one changes colours alone; it is light again for what follows."""
    page.emulate_media(color_scheme="light")
    assert_accessible(page)
    page.emulate_media(color_scheme="dark")
    assert_accessible(page, *OF_COLOURS)
    page.emulate_media(color_scheme="light")


def assert_structure(page: Page) -> None:
    """What axe cannot look at without JavaScript: one heading, landmarks, a language, labels."""
    # Waited for: a form without JavaScript is still on its way to the next page.
    for one in ("html[lang]", "h1", "main"):
        expect(page.locator(one)).to_have_count(1)
    for field in page.locator("main input:not([type=hidden])").all():
        name = field.get_attribute("id")
        assert name
        assert page.locator(f"label[for='{name}']").count() == 1


def assert_fits(page: Page) -> None:
    """Nothing makes a phone scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
