"""What a person does, step by step."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.site import Site

_axe = Axe()


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person of the demo, as fixtures/people has them."""

    caisse: str
    identifier: str
    secret: str
    greeting: str


LUCIE = Person("nimes", "10 4399 2017", "Violon-et-bagues-30!", "Mme Arnal")
BASTIEN = Person("nimes", "10.4400.52213", "Horloge-comtoise-7?", "M. Rouvière")
INES = Person("nimes", "1044101890", "Olivier-au-jardin-12;", "Mme Castanier")
YOUSSEF = Person("paris", "p 770318", "Canal-Saint-Martin-88", "M. Delaunay")
CAMILLE = Person("gie", "camille.ferrand@gie.example.org", "Tableau-de-bord-du-GIE-2026", "Camille Ferrand")
ADELE = Person("paris", "Adele.Morand@example.org", "Porte-cochere-du-Marais-5", "Mme Morand")


def offer_secret(page: Page, site: Site, person: Person, *, secret: str | None = None) -> None:
    """Fill the first step and send it."""
    page.goto(site.url(person.caisse, "/connexion/"))
    page.locator("[name=identifier]").fill(person.identifier)
    page.locator("[name=secret]").fill(secret or person.secret)
    page.get_by_role("button", name="Continuer").click()


def sign_in(page: Page, site: Site, person: Person) -> None:
    """Both steps, the code read where the demo shows messages."""
    before = len(site.codes(person.caisse))
    offer_secret(page, site, person)
    expect(page).to_have_url(site.url(person.caisse, "/connexion/code/"))
    page.locator("[name=code]").fill(site.next_code(person.caisse, after=before))
    page.get_by_role("button", name="Vérifier").click()
    expect(page).to_have_url(site.url(person.caisse, "/"))


def assert_accessible(page: Page) -> None:
    """No violation that axe-core knows of."""
    results = _axe.run(page)
    assert results.violations_count == 0, results.generate_report()


def assert_structure(page: Page) -> None:
    """What axe cannot look at without JavaScript: one heading, landmarks, a language, labels."""
    assert page.locator("html[lang]").count() == 1
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    for field in page.locator("main input:not([type=hidden])").all():
        name = field.get_attribute("id")
        assert name
        assert page.locator(f"label[for='{name}']").count() == 1


def assert_fits(page: Page) -> None:
    """Nothing makes a phone scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
