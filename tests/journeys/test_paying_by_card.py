"""Paying by card: check, leave for the bank's page, wait without doing anything, read the receipt."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context
from playwright.sync_api import Page, expect

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.demo.cards.acts import tell
from tenant_apps.demo.models import CardOrder
from tenant_apps.identity.models import User
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services import Wanted, open_basket
from tenant_apps.payments.services.receipts import make_receipt
from tenants.selectors import caisse_of_schema
from tests.identity.steps import put_in, user_of
from tests.journeys.caisses import Caisses
from tests.journeys.conftest import Visit
from tests.journeys.visitor import assert_accessible, assert_fits
from tests.payments.counter_product import CUP, KIND, Counter, opened
from tests.world import ALPHA

pytestmark = pytest.mark.browser
ONE, TWO = (UUID(f"0000000{number}-0000-4000-8000-000000000000") for number in (1, 2))
HOST = f"{ALPHA}.localhost"


@pytest.fixture
def counter(caisses: Caisses, settings: Any) -> Iterator[Counter]:
    settings.OWN_ADDRESS = f"http://{{host}}:{caisses.port}"
    with opened() as found:
        found.prices.update({ONE: Money.of("45.50"), TWO: Money.of(20)})
        yield found


def prepare() -> tuple[str, dict[str, str]]:
    """The address of a basket of Anne's, and the cookies of Anne and of somebody at the counter."""
    alpha = caisse_of_schema(schema=ALPHA)
    with tenant_context(alpha):
        wanted = [Wanted(kind=KIND, reference=each, act=CUP) for each in (ONE, TWO)]
        quote = open_basket(client=Client.objects.get(pk=1), wanted=wanted, now=timezone.now())
    cookies = {}
    for kind in (User.Kind.CLIENT, User.Kind.STAFF):
        browser = put_in(Browser(SERVER_NAME=HOST, HTTP_HOST=HOST), alpha, user_of(alpha, kind=kind))
        cookies[str(kind)] = browser.cookies[django_settings.SESSION_COOKIE_NAME].value
    return f"/paiements/panier/{quote.uuid}/", cookies


def bank_speaks() -> None:
    """What the worker does: the webhook, then the receipt."""
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        tell(uuid=CardOrder.objects.get().uuid, now=timezone.now())
        make_receipt(uuid=Payment.objects.get().uuid, now=timezone.now())


def enter(page: Page, caisses: Caisses, cookie: str) -> None:
    cookies = [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": caisses.url(ALPHA)}]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # its own typed dictionary has these very keys


def look(page: Page, *, javascript: bool) -> None:
    """axe hangs where there is no JavaScript."""
    if javascript:
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize(
    ("width", "javascript"),
    [
        (360, True),
        pytest.param(1280, True, marks=pytest.mark.slow),
        pytest.param(360, False, marks=pytest.mark.slow),
    ],
)
def test_a_client_pays_two_things_and_reads_the_receipt(
    caisses: Caisses, counter: Counter, visit: Visit, width: int, javascript: bool
) -> None:
    counter.spilt[TWO] = "redeemed"
    address, cookies = caisses.do(prepare)
    page = visit(width=width, javascript=javascript)
    enter(page, caisses, cookies["client"])

    page.goto(caisses.url(ALPHA, address))
    look(page, javascript=javascript)
    page.get_by_role("button", name="Payer").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Page de carte")).to_be_visible()
    look(page, javascript=javascript)
    page.get_by_role("button", name="Payer").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Nous attendons la confirmation de votre banque")).to_be_visible()
    look(page, javascript=javascript)
    caisses.do(bank_speaks)
    # Nobody presses anything: the page asks again.
    expect(page.get_by_text("Votre paiement est reçu")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("n’ont pas servi à ce que vous vouliez")).to_be_visible()
    look(page, javascript=javascript)

    page.get_by_role("link", name="Tous mes paiements").click()
    expect(page.get_by_text("Payé, à suivre")).to_be_visible()
    look(page, javascript=javascript)
    page.goto(caisses.url(ALPHA, "/documents/"))
    expect(page.get_by_role("link", name="Reçu de paiement")).to_be_visible()
    look(page, javascript=javascript)

    agent = visit(width=width, javascript=javascript)
    enter(agent, caisses, cookies["staff"])
    agent.goto(caisses.url(ALPHA, "/agence/paiements/"))
    give_back(agent, javascript=javascript)


def give_back(agent: Page, *, javascript: bool) -> None:
    """From the day to what is held, and back to the card."""
    expect(agent.get_by_role("heading", name="Paiements par carte")).to_be_visible()
    look(agent, javascript=javascript)
    agent.get_by_role("link", name="Sommes gardées").click()
    look(agent, javascript=javascript)
    agent.get_by_role("link", name="Alpha Prénom").click()
    look(agent, javascript=javascript)
    agent.get_by_label("La rembourser").check()
    agent.get_by_label("Le client est d’accord").check()
    agent.get_by_role("button", name="Enregistrer").click()
    expect(agent.get_by_text("Le remboursement est demandé")).to_be_visible()
    look(agent, javascript=javascript)
