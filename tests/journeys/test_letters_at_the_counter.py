"""A letter, from the counter to the client: sent again, printed, put in its envelope, and its code typed (CPMS)."""

import base64
import io
import re

import pytest
from django.conf import settings
from django.test import Client as Browser
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tenant_apps.identity.models import User
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.identity.keypads import PIN
from tests.identity.steps import publish, put_in, user_of
from tests.identity.waiting import CHOOSE, LETTER, MUTUAL, NIR, NIR_KEPT, newcomer
from tests.journeys.caisses import Caisses
from tests.journeys.conftest import Visit
from tests.journeys.visitor import assert_accessible, assert_fits, plain_field
from tests.world import ALPHA

pytestmark = pytest.mark.browser

# As the viewer asks for it, with the cookies of the page.
READ = """async (url) => {
  const answer = await fetch(url);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(""));
}"""


def prepare() -> str:
    """Alpha with the rules of CPMS, and a member who waits; the cookie of somebody at the counter."""
    alpha: Caisse = caisse_of_schema(schema=ALPHA)
    publish(alpha, MUTUAL, instead_of="identifier")
    newcomer(alpha, identifier=NIR_KEPT)
    host = f"{ALPHA}.localhost"
    browser = put_in(Browser(SERVER_NAME=host, HTTP_HOST=host), alpha, user_of(alpha, kind=User.Kind.STAFF))
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def printed(page: Page) -> str:
    """The code in the PDF that the button opens."""
    link = page.get_by_role("link", name="Ouvrir le PDF des lettres")
    pdf = base64.b64decode(page.evaluate(READ, link.get_attribute("href")))
    (sheet,) = PdfReader(io.BytesIO(pdf)).pages
    (code,) = re.findall(r"^ *(\d{4} \d{4}) *$", sheet.extract_text(), re.MULTILINE)
    return str(code)


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_a_letter_is_sent_again_printed_and_its_code_typed(
    caisses: Caisses, visit: Visit, width: int
) -> None:
    desk, member = visit(width=width), visit(width=360)
    key = caisses.do(prepare)
    desk.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": caisses.url(ALPHA)}]
    )
    _send_again(desk, caisses)
    desk.get_by_role("navigation").get_by_role("link", name="Courriers").click()
    look(desk)
    desk.get_by_role("button", name="Préparer le lot").click()
    look(desk)
    code = printed(desk)
    # Confirmed once everything is in its envelope, and not before.
    desk.get_by_role("button", name="Confirmer").click()
    expect(desk.locator(".errors")).to_contain_text("Cochez cette case")
    look(desk)
    desk.get_by_label("Toutes ces lettres sont imprimées").check()
    desk.get_by_role("button", name="Confirmer").click()
    expect(desk.get_by_text("Le lot est parti")).to_be_visible()
    expect(desk.get_by_text("Confirmé par Agent")).to_be_visible()
    look(desk)
    _come_in(member, caisses, code)


def _send_again(desk: Page, caisses: Caisses) -> None:
    desk.goto(caisses.url(ALPHA, "/agence/"))
    desk.locator("[name=words]").fill("girard")
    desk.get_by_role("button", name="Chercher").click()
    desk.get_by_role("link", name="Girard-Lopez Léa").click()
    desk.go_back()
    # Back brings the list again, and not the browser's own page of errors.
    desk.get_by_role("link", name="Girard-Lopez Léa").click()
    look(desk)
    desk.get_by_role("link", name="Renvoyer l’activation").click()
    desk.get_by_label("Le message n’est pas arrivé").check()
    desk.get_by_role("button", name="Renvoyer l’activation").click()
    expect(desk.get_by_text("L’activation est repartie")).to_be_visible()
    expect(desk.get_by_text("Code écrit dans une lettre le")).to_be_visible()


def _come_in(member: Page, caisses: Caisses, code: str) -> None:
    member.goto(caisses.url(ALPHA, LETTER))
    member.locator("[name=identifier]").fill(NIR)
    member.locator("[name=code]").fill(code)
    member.get_by_role("button", name="Continuer").click()
    expect(member).to_have_url(caisses.url(ALPHA, CHOOSE))
    for name in ("pin", "again"):
        plain_field(member, name).fill(PIN)
    member.get_by_role("button", name="Enregistrer").click()
    expect(member).to_have_url(caisses.url(ALPHA, "/"))
