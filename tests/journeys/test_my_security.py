"""« Ma sécurité » in a browser: two devices, the warning before the end, another secret, the terms of a mutual."""

import re
from typing import Any

import pytest
from django_tenants.utils import tenant_context
from playwright.sync_api import Page, expect

from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.identity.keypads import PIN
from tests.identity.steps import publish, sms_codes
from tests.identity.waiting import CHOOSE, LETTER, MUTUAL, NIR, NIR_KEPT, letter_codes, newcomer, send
from tests.journeys.caisses import Caisses
from tests.journeys.conftest import Visit
from tests.journeys.visitor import assert_accessible, assert_fits, plain_field
from tests.journeys.zoe import ZOE, add_zoe
from tests.world import ALPHA, ANNE, Someone

pytestmark = pytest.mark.browser

NEW = "Cerf-volant-bleu-41!"
TERMS = {
    "terms": {
        "version": "2026-11",
        "required": False,
        "text": {"fr": "Cet espace est à vous.\n\nVotre code aussi.", "en": "This space is yours."},
    }
}


def alpha_with(rules: dict[str, Any], *, instead_of: str = "") -> Caisse:
    alpha = caisse_of_schema(schema=ALPHA)
    publish(alpha, rules, instead_of=instead_of)
    return alpha


def with_zoe(rules: dict[str, Any]) -> Caisse:
    """Whose secret may change: she is gone after the test, as Anne is not."""
    alpha = alpha_with(rules)
    with tenant_context(alpha):
        add_zoe()
    return alpha


def come(page: Page, caisses: Caisses, alpha: Caisse, someone: Someone = ANNE) -> None:
    """Both steps."""
    page.goto(caisses.url(ALPHA, "/connexion/"))
    page.locator("[name=identifier]").fill(someone.identifier)
    page.locator("[name=secret]").fill(someone.secret)
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(caisses.url(ALPHA, "/connexion/code/"))
    page.locator("[name=code]").fill(caisses.do(sms_codes, alpha)[-1])
    page.get_by_role("button", name="Vérifier").click()
    expect(page).to_have_url(caisses.url(ALPHA, "/"))
    # Its scripts have begun: a clock put forward before them would not be seen.
    page.wait_for_load_state("load")


def look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def open_security(page: Page) -> None:
    entry = page.get_by_role("link", name="Ma sécurité").first
    expect(entry).to_be_in_viewport(ratio=1)
    entry.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma sécurité")


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_one_browser_ends_the_other_and_changes_the_secret(
    caisses: Caisses, visit: Visit, width: int
) -> None:
    alpha = caisses.do(with_zoe, {"second_factor": {"methods": ["sms", "totp"]}})
    here, there = visit(width=width), visit(width=width)
    come(there, caisses, alpha, ZOE)
    come(here, caisses, alpha, ZOE)
    open_security(here)
    look(here)
    here.get_by_role("button", name=re.compile("^Déconnecter .* sur ")).click()
    expect(here.get_by_role("status").first).to_contain_text("n’est plus connecté")
    there.reload()
    expect(there).to_have_url(re.compile("/connexion/"))
    expect(there.get_by_role("status")).to_contain_text("fermée depuis un autre appareil")

    here.get_by_role("link", name="Changer mon mot de passe").click()
    look(here)
    for name, typed in (("old", "Pas-le-bon-0!"), ("password", NEW), ("again", NEW)):
        here.locator(f"[name={name}]").fill(typed)
    here.get_by_role("button", name="Enregistrer").click()
    expect(here.locator(".errors")).to_contain_text("Ce mot de passe n’est pas le bon.")
    # The field is empty again, and so are the marks before its rules.
    expect(here.locator("[data-rule=length]")).not_to_have_class("met")
    look(here)
    for name, typed in (("old", ZOE.secret), ("password", NEW), ("again", NEW)):
        here.locator(f"[name={name}]").fill(typed)
    here.get_by_role("button", name="Enregistrer").click()
    expect(here.get_by_role("status").first).to_contain_text("votre nouveau mot de passe est enregistré")

    here.get_by_role("button", name="Ajouter une application").click()
    expect(here.get_by_role("heading", level=1)).to_have_text("Confirmez que c’est bien vous")
    look(here)
    here.get_by_role("link", name="Annuler").click()
    expect(here.get_by_role("heading", level=1)).to_have_text("Ma sécurité")


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_the_end_is_announced_put_off_by_one_press_and_leaves_nothing_on_the_screen(
    caisses: Caisses, visit: Visit, width: int
) -> None:
    alpha = caisses.do(alpha_with, {"session": {"idle": "2 min", "absolute": "30 min"}})
    page = visit(width=width)
    page.clock.install()
    come(page, caisses, alpha)
    dialog = page.get_by_role("alertdialog", name="Êtes-vous toujours là ?")
    page.clock.fast_forward(50_000)
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(12_000)
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Pour votre sécurité, vous allez être déconnecté.")
    expect(dialog.get_by_role("button", name="Rester connecté")).to_be_focused()
    look(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(62_000)
    expect(dialog).to_be_visible()
    page.route(re.compile(r"/connexion/\?next="), lambda route: route.fulfill(body="<title>x</title>"))
    page.clock.fast_forward(63_000)
    expect(page).to_have_url(re.compile(r"/connexion/\?next=/$"))
    assert "Alpha" not in page.content()


@pytest.mark.slow
def test_age_cannot_be_put_off(caisses: Caisses, visit: Visit) -> None:
    alpha = caisses.do(alpha_with, {"session": {"idle": "10 min", "absolute": "10 min"}})
    page = visit(width=360)
    page.clock.install()
    come(page, caisses, alpha)
    page.clock.fast_forward(9 * 60_000 + 2_000)
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Votre connexion touche à sa fin.")
    expect(dialog.get_by_role("button", name="Rester connecté")).to_be_hidden()
    assert_accessible(page)
    # The clock strikes in the same moment as the press, before the browser has told of the closed dialog.
    dialog.get_by_role("button", name="J’ai compris").evaluate(
        "button => { button.click(); dispatchEvent(new Event('pageshow')); }"
    )
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(3_000)
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_the_terms_of_a_mutual_come_after_the_pin(caisses: Caisses, visit: Visit, width: int) -> None:
    alpha = caisses.do(alpha_with, {**MUTUAL, **TERMS}, instead_of="identifier")
    caisses.do(lambda: send(alpha, newcomer(alpha, identifier=NIR_KEPT)))
    page = visit(width=width)
    page.goto(caisses.url(ALPHA, LETTER))
    page.locator("[name=identifier]").fill(NIR)
    page.locator("[name=code]").fill(caisses.do(letter_codes, alpha)[0])
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(caisses.url(ALPHA, CHOOSE))
    for name in ("pin", "again"):
        plain_field(page, name).fill(PIN)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les conditions d’utilisation")
    look(page)
    page.get_by_role("button", name="J’accepte").click()
    expect(page).to_have_url(caisses.url(ALPHA, "/"))
    open_security(page)
    expect(page.get_by_text("Vous avez accepté la version 2026-11")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Changer mon code secret").click()
    look(page)
