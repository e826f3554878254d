"""An appointment, from an empty list to the agency's day: booked by keyboard on a phone, moved, seen at the counter."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client as Browser
from playwright.sync_api import Locator, Page, expect

from tenant_apps.identity.models import User
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.agencies.agenda import set_up
from tests.identity.steps import put_in, user_of
from tests.journeys.caisses import Caisses
from tests.journeys.conftest import Visit
from tests.journeys.visitor import assert_accessible, assert_fits, assert_readable, assert_structure
from tests.world import ALPHA

pytestmark = pytest.mark.browser


def prepare() -> tuple[str, str]:
    """Alpha with an agency; the cookies of Anne and of somebody at the counter."""
    alpha: Caisse = caisse_of_schema(schema=ALPHA)
    set_up(alpha)
    return _cookie(alpha, User.Kind.CLIENT), _cookie(alpha, User.Kind.STAFF)


def _cookie(caisse: Caisse, kind: User.Kind) -> str:
    host = f"{caisse.schema_name}.localhost"
    browser = put_in(Browser(SERVER_NAME=host, HTTP_HOST=host), caisse, user_of(caisse, kind=kind))
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def enter(page: Page, caisses: Caisses, cookie: str) -> None:
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": caisses.url(ALPHA)}]
    )


def press(target: Locator) -> None:
    """By keyboard."""
    target.focus()
    target.page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("width", "javascript"),
    [
        pytest.param(360, True, id="phone"),
        pytest.param(1280, True, id="desk", marks=pytest.mark.slow),
        pytest.param(360, False, id="phone-plain", marks=pytest.mark.slow),
    ],
)
def test_an_appointment_is_booked_moved_and_seen_at_the_counter(
    caisses: Caisses, visit: Visit, width: int, javascript: bool
) -> None:
    anne, clerk = caisses.do(prepare)
    page = visit(width=width, javascript=javascript)
    enter(page, caisses, anne)

    def look() -> None:
        assert_structure(page)
        if javascript:
            assert_accessible(page)
            assert_fits(page)

    page.goto(caisses.url(ALPHA, "/rendez-vous/"))
    look()
    _book(page, look)
    if javascript:
        assert_readable(page)
    _move(page, look)
    _at_the_counter(caisses, visit(width=width, javascript=javascript), clerk, javascript=javascript)


def _book(page: Page, look: Callable[[], None]) -> None:
    press(page.get_by_role("link", name="Prendre rendez-vous"))
    look()
    press(page.get_by_role("link", name="Faire estimer un objet"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Pour quel contrat ?")
    look()
    press(page.get_by_role("link", name="Continuer sans choisir"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Quand venez-vous ?")
    look()
    # A day that is closed on the page opens by keyboard too.
    days = page.locator("details.hours")
    if days.count() > 1:
        press(days.nth(1).locator("summary"))
        expect(days.nth(1).locator("a").first).to_be_visible()
    press(days.first.locator("a").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifiez votre rendez-vous")
    look()
    press(page.get_by_role("button", name="Prendre ce rendez-vous"))
    expect(page.get_by_text("Votre rendez-vous est pris.")).to_be_visible()
    expect(page.get_by_text("l’objet", exact=True)).to_be_visible()
    look()


def _move(page: Page, look: Callable[[], None]) -> None:
    before = page.get_by_role("heading", level=1).inner_text()
    press(page.get_by_role("link", name="Déplacer"))
    look()
    press(page.locator("details.hours[open] a").last)
    look()
    press(page.get_by_role("button", name="Déplacer ce rendez-vous"))
    expect(page.get_by_text("Votre rendez-vous est déplacé.")).to_be_visible()
    assert page.get_by_role("heading", level=1).inner_text() != before
    press(page.get_by_role("link", name="Annuler ce rendez-vous"))
    look()
    press(page.get_by_role("link", name="Le garder"))
    expect(page.get_by_text("Prévu")).to_be_visible()


def _at_the_counter(caisses: Caisses, page: Page, clerk: str, *, javascript: bool) -> None:
    enter(page, caisses, clerk)
    page.goto(caisses.url(ALPHA, "/agence/rendez-vous/"))
    for _ in range(14):
        if page.get_by_role("link", name="Alpha Prénom").count():
            break
        # A count does not wait: asked of a page that is still on its way, it would pass over the day.
        with page.expect_navigation():
            page.get_by_role("link", name="Jour suivant").click()
    expect(page.get_by_text("Cabinet de l’expert")).to_be_visible()
    if javascript:
        assert_readable(page)
        assert_fits(page)
    page.get_by_role("link", name="Alpha Prénom").click()
    expect(page.get_by_role("heading", name="Rendez-vous à venir")).to_be_visible()
    page.get_by_role("link", name="Annuler", exact=False).first.click()
    page.get_by_label("L’agence sera fermée à cette heure").check()
    page.get_by_role("button", name="Annuler ce rendez-vous").click()
    expect(page.get_by_text("Le rendez-vous est annulé. Le client en est prévenu.")).to_be_visible()
