"""A pawn loan over the counter, from the first object to the last: drawn up, signed, paid, redeemed, fetched."""

import base64
import io

import pytest
from django.conf import settings
from django.test import Client as Browser
from django_tenants.utils import tenant_context
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.identity.steps import put_in, user_of
from tests.journeys.caisses import Caisses
from tests.journeys.conftest import Visit
from tests.journeys.test_letters_at_the_counter import READ
from tests.journeys.visitor import assert_accessible, assert_fits
from tests.pawn.loans.lending import apply_grid
from tests.world import ALPHA

pytestmark = pytest.mark.browser


def prepare() -> tuple[str, str]:
    """Alpha lends by the grid of Nantes; the cookie of somebody at its counter, and a client's file."""
    alpha: Caisse = caisse_of_schema(schema=ALPHA)
    with tenant_context(alpha):
        apply_grid()
        client = Client.objects.get(pk=1)
    host = f"{ALPHA}.localhost"
    browser = put_in(Browser(SERVER_NAME=host, HTTP_HOST=host), alpha, user_of(alpha, kind=User.Kind.STAFF))
    return browser.cookies[
        settings.SESSION_COOKIE_NAME
    ].value, f"/agence/clients/{client.uuid}/contrats/nouveau/"


def look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def text_of(page: Page, link: str) -> str:
    """Of the PDF that a link opens."""
    found = page.get_by_role("link", name=link).first
    pdf = base64.b64decode(page.evaluate(READ, found.get_attribute("href")))
    said = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(said.replace("\xa0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_a_loan_over_the_counter(caisses: Caisses, visit: Visit, width: int) -> None:
    desk = visit(width=width)
    key, opening = caisses.do(prepare)
    desk.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": caisses.url(ALPHA)}]
    )
    desk.goto(caisses.url(ALPHA, opening))
    _draw_up(desk)
    _pay(desk, "Payer une partie", amount="500")
    assert "500,00 €" in text_of(desk, "Imprimer le reçu")
    _pay(desk, "Rembourser tout")
    _fetch(desk)
    desk.goto(caisses.url(ALPHA, "/agence/journee/"))
    expect(desk.get_by_role("row", name="Espèces").first).to_contain_text("1")
    look(desk)


def _draw_up(desk: Page) -> None:
    desk.get_by_role("button", name="Continuer").click()
    expect(desk.locator(".errors")).to_contain_text("Objet 1 : Décrivez cet objet")
    desk.locator("[name=objets-0-category]").select_option("watch")
    desk.get_by_label("Description").fill("Montre en acier")
    desk.locator("[name=objets-0-appraisal]").fill("1 500")
    desk.locator("[name=lent]").fill("1 000")
    for name, value in (("months", "6"), ("means", "cash"), ("document", "passport")):
        desk.locator(f"[name={name}][value='{value}']").check()
    desk.locator("[name=home]").check()
    desk.get_by_role("button", name="Continuer").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Vérifiez avant de signer")
    look(desk)
    # Back brings what was typed, forward the page of the answers: neither is the browser's own page of errors.
    checked = desk.url
    desk.go_back()
    expect(desk.locator(".errors")).to_be_visible()
    desk.go_forward()
    expect(desk).to_have_url(checked)
    assert "Version à signer" in text_of(desk, "Imprimer le contrat à signer")
    desk.get_by_role("button", name="Le contrat est signé").click()
    expect(desk.get_by_text("Le contrat est ouvert")).to_be_visible()
    assert "Version à signer" not in text_of(desk, "Le contrat, comme il a été signé")
    look(desk)
    # And what was signed is not signed again by going back to its check.
    desk.go_back()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Contrat n°")


def _pay(desk: Page, what: str, *, amount: str = "") -> None:
    desk.get_by_role("link", name=what).click()
    if amount:
        desk.locator("[name=amount]").fill(amount)
    desk.locator("[name=means][value=cash]").check()
    desk.get_by_role("button", name="Continuer").click()
    expect(desk.get_by_text("Moyen de paiement")).to_contain_text("Espèces")
    look(desk)
    desk.get_by_role("button", name="C’est encaissé").click()
    expect(desk.get_by_role("status")).to_be_visible()


def _fetch(desk: Page) -> None:
    desk.get_by_role("link", name="Remettre les objets").click()
    desk.locator("[name=name]").fill("Anne Alpha")
    desk.locator("[name=document][value=passport]").check()
    desk.locator("[name=receipt]").check()
    desk.get_by_role("button", name="Les objets sont remis").click()
    expect(desk.get_by_text("à Anne Alpha (Passeport)")).to_be_visible()
    look(desk)
