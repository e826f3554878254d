"""A forgotten secret and a forgotten identifier, at caisses with the rules of the four portals.

Here, without JavaScript, in the dark, and under a lock. As a phone lives it: tests/journeys/demo/behaviours.
"""

from typing import Any

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from playwright.sync_api import Page, expect

from tenant_apps.identity.counters import count_account_try
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.identity.selectors import login_index
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.identity.forgetting import (
    CHOOSE,
    CODE,
    DONE,
    MUTUAL,
    NEW_PIN,
    NIMES,
    PARIS,
    Worker,
    activated,
    codes,
    links,
    member,
    outbox,
)
from tests.identity.steps import publish
from tests.identity.waiting import IDENTIFIER, NIR, PASSWORD, newcomer
from tests.journeys.caisses import Caisses
from tests.journeys.conftest import Visit
from tests.journeys.visitor import assert_accessible, assert_fits, assert_structure
from tests.tenancy.queue import jobs
from tests.world import ALPHA

pytestmark = pytest.mark.browser

PHONE, DARK = {"width": 360}, {"width": 1280, "dark": True}
BARE: dict[str, Any] = {"width": 360, "javascript": False}


def prepare(policy: dict[str, Any], **details: Any) -> Caisse:
    """Alpha with these rules, and somebody who has a secret: a PIN where identifiers are NIR."""
    alpha = caisse_of_schema(schema=ALPHA)
    publish(alpha, policy, instead_of="identifier" if "identifier" in policy else "")
    if "identifier" in policy:
        member(alpha, **details)
    else:
        activated(alpha, newcomer(alpha, **details))
    return alpha


def work(caisse: Caisse) -> None:
    """What a worker does with the requests that were committed, once each."""
    for job in jobs():
        if job.task in Worker.does:
            with tenant_context(caisse):
                Worker.does[job.task](**job.args)


def lock(caisse: Caisse, index: str) -> None:
    """As many wrong tries as it takes."""
    with tenant_context(caisse):
        rules = rules_of(CLIENTS)
        for _ in range(rules.lockout.max_failures):
            count_account_try(key=index, policy=rules, now=timezone.now())


def index_of(caisse: Caisse, identifier: str) -> str:
    with tenant_context(caisse):
        return login_index(realm=CLIENTS, identifier=identifier)


def look(page: Page, screen: dict[str, Any]) -> None:
    if screen.get("javascript", True):
        assert_accessible(page)
        assert_fits(page)
    else:
        assert_structure(page)


def begin(page: Page, caisses: Caisses, name: str) -> None:
    """From the page of sign-in."""
    page.goto(caisses.url(ALPHA, "/connexion/"))
    page.get_by_role("link", name=name).click()


def give_identifier(page: Page, identifier: str) -> None:
    page.locator("[name=identifier]").fill(identifier)
    page.get_by_role("button", name="Continuer").click()


def choose_password(page: Page) -> None:
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    page.get_by_role("button", name="Enregistrer").click()


@pytest.mark.slow
def test_nimes_a_link_then_the_identifier(caisses: Caisses, visit: Visit) -> None:
    alpha = caisses.do(prepare, NIMES)
    page = visit(**BARE)
    begin(page, caisses, "Mot de passe oublié")
    look(page, BARE)
    give_identifier(page, IDENTIFIER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est enregistrée")
    expect(page.get_by_text("indésirables").first).to_be_visible()
    look(page, BARE)
    caisses.do(work, alpha)
    page.goto(caisses.url(ALPHA, caisses.do(links, alpha)[0]))
    expect(page).to_have_url(caisses.url(ALPHA, CHOOSE))
    look(page, BARE)
    choose_password(page)
    expect(page).to_have_url(caisses.url(ALPHA, DONE))
    look(page, BARE)
    page.get_by_role("link", name="Aller à la connexion").click()
    page.get_by_role("link", name="Identifiant oublié").click()
    look(page, BARE)
    page.locator("[name=client_number]").fill("C 77")
    page.locator("[name=birth_date]").fill("7 mars")
    page.locator("[name=contract_number]").fill("alpha-1")
    page.get_by_role("button", name="Recevoir mon identifiant").click()
    expect(page.locator(".errors")).to_contain_text("Écrivez la date ainsi")
    look(page, BARE)
    page.locator("[name=birth_date]").fill("7/3/1991")
    page.get_by_role("button", name="Recevoir mon identifiant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est enregistrée")
    look(page, BARE)


def test_nantes_on_line_and_the_lock_of_the_agency_stays(caisses: Caisses, visit: Visit) -> None:
    alpha = caisses.do(prepare, {"lockout": {"wait": "none", "until_agency": True}})
    caisses.do(lock, alpha, caisses.do(index_of, alpha, IDENTIFIER))
    page = visit(**PHONE)
    begin(page, caisses, "Mot de passe oublié")
    give_identifier(page, IDENTIFIER)
    caisses.do(work, alpha)
    page.goto(caisses.url(ALPHA, caisses.do(links, alpha)[0]))
    choose_password(page)
    expect(page.get_by_text("Seule votre agence peut le rouvrir")).to_be_visible()
    look(page, PHONE)
    page.get_by_role("link", name="Aller à la connexion").click()
    page.locator("[name=identifier]").fill(IDENTIFIER)
    page.locator("[name=secret]").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Cet accès est fermé")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize(
    "screen", [pytest.param(DARK, id="wide and dark"), pytest.param(BARE, id="without JavaScript")]
)
def test_paris_a_link_and_a_code(caisses: Caisses, visit: Visit, screen: dict[str, Any]) -> None:
    alpha = caisses.do(prepare, PARIS)
    page = visit(**screen)
    begin(page, caisses, "Mot de passe oublié")
    give_identifier(page, IDENTIFIER)
    expect(page.get_by_text("l’un sans l’autre n’ouvre rien")).to_be_visible()
    look(page, screen)
    caisses.do(work, alpha)
    page.goto(caisses.url(ALPHA, caisses.do(links, alpha)[0]))
    page.locator("[name=code]").fill("aaaaa")
    choose_password(page)
    expect(page.locator(".errors")).to_contain_text("Il vous reste 4 essais")
    look(page, screen)
    page.locator("[name=code]").fill(caisses.do(codes, alpha)[0])
    choose_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre mot de passe est changé")
    look(page, screen)


@pytest.mark.slow
def test_cpms_a_code_by_mail_then_a_pin(caisses: Caisses, visit: Visit) -> None:
    alpha = caisses.do(prepare, MUTUAL)
    page = visit(**BARE)
    begin(page, caisses, "Code secret oublié")
    give_identifier(page, NIR)
    expect(page).to_have_url(caisses.url(ALPHA, CODE))
    look(page, BARE)
    caisses.do(work, alpha)
    assert caisses.do(outbox, alpha, kind="recovery_code")[0]["channel"] == "mail"
    page.locator("[name=code]").fill("000000")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator(".errors")).to_contain_text("n’est pas le bon")
    look(page, BARE)
    page.locator("[name=code]").fill(caisses.do(codes, alpha)[0])
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(caisses.url(ALPHA, CHOOSE))
    look(page, BARE)
    for name in ("pin", "again"):
        page.locator(f"[name={name}]").fill(NEW_PIN)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre code secret est changé")
