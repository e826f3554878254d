"""A pawn loan on a phone: prolonged by card from the list, with its receipt; redeemed, then fetched by appointment."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context
from playwright.sync_api import Page, expect

from tenant_apps.demo.cards.acts import tell
from tenant_apps.demo.models import CardOrder
from tenant_apps.pawn.models import Contract
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services.receipts import make_receipt
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.agencies.agenda import set_up
from tests.identity.steps import put_in, user_of
from tests.journeys.caisses import Caisses
from tests.journeys.conftest import Visit
from tests.journeys.visitor import assert_accessible, assert_fits, assert_readable, assert_structure
from tests.pawn.loans.lending import apply_grid, lend
from tests.world import ALPHA

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def addresses(caisses: Caisses, settings: Any) -> None:
    settings.OWN_ADDRESS = f"http://{{host}}:{caisses.port}"


def prepare() -> tuple[str, str]:
    """Alpha, which lends and has an agency; Anne's cookie, and the number of her contract of two months ago."""
    alpha: Caisse = caisse_of_schema(schema=ALPHA)
    set_up(alpha)
    with tenant_context(alpha):
        apply_grid()
        number = lend(on=timezone.localdate() - timedelta(days=60)).number
    host = f"{ALPHA}.localhost"
    browser = put_in(Browser(SERVER_NAME=host, HTTP_HOST=host), alpha, user_of(alpha))
    return browser.cookies[django_settings.SESSION_COOKIE_NAME].value, number


def bank_speaks() -> None:
    """What the worker does: the webhook, then the receipt."""
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        tell(uuid=CardOrder.objects.get().uuid, now=timezone.now())
        make_receipt(uuid=Payment.objects.get().uuid, now=timezone.now())


def standing(number: str) -> tuple[str, bool]:
    """The state, and whether the term has moved."""
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        found = Contract.objects.get(number=number)
        return found.state, bool(found.first_term and found.due_on > found.first_term)


def enter(page: Page, caisses: Caisses, cookie: str) -> None:
    cookies = [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": caisses.url(ALPHA)}]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # its own typed dictionary has these very keys


def look(page: Page, *, javascript: bool = True) -> None:
    """axe hangs where there is no JavaScript."""
    assert_structure(page)
    if javascript:
        assert_accessible(page)
        assert_fits(page)


def pay_by_card(page: Page, caisses: Caisses) -> None:
    page.get_by_role("button", name="Payer").click()
    expect(page.get_by_role("heading", name="Page de carte")).to_be_visible()
    page.get_by_role("button", name="Payer").click()
    expect(page.get_by_text("Nous attendons la confirmation de votre banque")).to_be_visible()
    caisses.do(bank_speaks)
    expect(page.get_by_text("Votre paiement est reçu")).to_be_visible(timeout=15_000)


@pytest.mark.parametrize(
    ("width", "javascript"),
    [
        pytest.param(360, True, id="phone"),
        pytest.param(1280, True, id="desk", marks=pytest.mark.slow),
        pytest.param(360, False, id="phone-plain", marks=pytest.mark.slow),
    ],
)
def test_a_contract_is_prolonged_from_the_list_and_its_receipt_is_kept(
    caisses: Caisses, visit: Visit, width: int, javascript: bool
) -> None:
    anne, number = caisses.do(prepare)
    page = visit(width=width, javascript=javascript)
    enter(page, caisses, anne)
    page.goto(caisses.url(ALPHA, "/contrats/"))
    look(page, javascript=javascript)
    page.get_by_role("link", name="Montre en acier").click()
    look(page, javascript=javascript)
    if javascript:
        assert_readable(page)
    page.get_by_role("link", name="Prolonger de 6 mois").click()
    look(page, javascript=javascript)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifiez avant de payer")
    look(page, javascript=javascript)
    pay_by_card(page, caisses)
    look(page, javascript=javascript)
    assert caisses.do(standing, number) == ("running", True)
    page.goto(caisses.url(ALPHA, "/documents/"))
    expect(page.get_by_role("link", name="Reçu de paiement")).to_be_visible()


@pytest.mark.slow
def test_an_object_that_is_paid_for_is_fetched_by_appointment(caisses: Caisses, visit: Visit) -> None:
    anne, number = caisses.do(prepare)
    page = visit(width=360)
    enter(page, caisses, anne)
    page.goto(caisses.url(ALPHA, "/contrats/"))
    page.get_by_role("link", name="Montre en acier").click()
    page.get_by_role("link", name="Tout rembourser").click()
    page.get_by_role("button", name="Continuer").click()
    pay_by_card(page, caisses)
    page.get_by_role("link", name="Prendre rendez-vous").click()
    look(page)
    page.locator("details.hours").first.locator("a").first.click()
    expect(page.get_by_text(number).first).to_be_visible()
    page.get_by_role("button", name="Prendre ce rendez-vous").click()
    expect(page.get_by_text("Votre rendez-vous est pris.")).to_be_visible()
    expect(page.get_by_text(number).first).to_be_visible()
    assert caisses.do(standing, number)[0] == "redeemed"
