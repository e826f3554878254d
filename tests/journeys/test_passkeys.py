"""A passkey in a browser whose authenticator is virtual: made on « Ma sécurité », used as a second step, then alone."""

import re
from typing import Any

import pytest
from django_tenants.utils import tenant_context
from playwright.sync_api import CDPSession, Page, expect

from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.identity.steps import publish, sms_codes
from tests.identity.test_step_up import codes as step_up_codes
from tests.journeys.caisses import Caisses
from tests.journeys.conftest import Visit
from tests.journeys.visitor import assert_accessible, assert_fits, assert_structure
from tests.journeys.zoe import ZOE, add_zoe
from tests.world import ALPHA

pytestmark = pytest.mark.browser

RULES: dict[str, Any] = {
    "secret": {"passkey_alone": True},
    "second_factor": {"methods": ["sms", "passkey"], "trusted_days": 30, "recovery_codes": 6},
}
ALONE = "Se connecter avec une clé d’accès"


def prepare() -> Caisse:
    """Zoé, who is gone after the test: her passkeys and her codes with her."""
    alpha = caisse_of_schema(schema=ALPHA)
    publish(alpha, RULES)
    with tenant_context(alpha):
        add_zoe()
    return alpha


class Phone:
    """What holds the passkeys of this browser; its owner may refuse."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id: str = made["authenticatorId"]

    def recognises(self, *, owner: bool) -> None:
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": owner})

    @property
    def passkeys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found


def look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def first_step(page: Page, caisses: Caisses) -> None:
    page.goto(caisses.url(ALPHA, "/connexion/"))
    page.locator("[name=identifier]").fill(ZOE.identifier)
    page.locator("[name=secret]").fill(ZOE.secret)
    page.get_by_role("button", name="Continuer").click()


def leave(page: Page) -> None:
    page.get_by_role("button", name="Se déconnecter").first.click()
    expect(page).to_have_url(re.compile("deconnecte"))


def make_one(page: Page, caisses: Caisses, alpha: Caisse) -> list[str]:
    """On « Ma sécurité »; the recovery codes that come with the first one."""
    page.goto(caisses.url(ALPHA, "/securite/"))
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    page.locator("[name=code]").fill(caisses.do(step_up_codes, alpha)[-1])
    page.get_by_role("button", name="Confirmer").click()
    heading(page, "Créer une clé d’accès")
    look(page)
    page.locator("[name=name]").fill("Mon téléphone")
    page.get_by_role("button", name="Créer la clé d’accès").click()
    heading(page, "Vos codes de secours")
    look(page)
    codes = page.locator(".recovery-codes li").all_inner_texts()
    page.get_by_role("link", name="Je les ai gardés").click()
    expect(page.get_by_text("Mon téléphone", exact=True).first).to_be_visible()
    expect(page.get_by_text("Il vous reste 6 codes sur 6")).to_be_visible()
    look(page)
    leave(page)
    return codes


def use_it_as_second_step(page: Page, phone: Phone) -> None:
    """First by somebody whom the phone does not recognise."""
    heading(page, "Votre clé d’accès")
    look(page)
    phone.recognises(owner=False)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.locator("[data-passkey-said]")).to_have_text("Rien n’a été fait. Vous pouvez réessayer.")
    phone.recognises(owner=True)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_a_passkey_is_made_used_and_opens_alone(caisses: Caisses, visit: Visit, width: int) -> None:
    alpha = caisses.do(prepare)
    page = visit(width=width)
    phone = Phone(page)
    first_step(page, caisses)
    page.locator("[name=code]").fill(caisses.do(sms_codes, alpha)[-1])
    page.get_by_role("button", name="Vérifier").click()
    expect(page).to_have_url(caisses.url(ALPHA, "/"))
    codes = make_one(page, caisses, alpha)
    assert [each["rpId"] for each in phone.passkeys] == ["alpha.localhost"]

    first_step(page, caisses)
    use_it_as_second_step(page, phone)
    expect(page).to_have_url(caisses.url(ALPHA, "/"))
    leave(page)

    page.get_by_role("button", name=ALONE).click()
    expect(page).to_have_url(caisses.url(ALPHA, "/"))
    leave(page)
    look(page)

    first_step(page, caisses)
    page.get_by_role("link", name="Je n’ai plus mon téléphone").click()
    look(page)
    page.locator("[name=code]").fill(codes[0].upper())
    page.get_by_role("button", name="Vérifier").click()
    heading(page, "Ma sécurité")
    expect(page.get_by_role("status").first).to_contain_text("Un code de secours a servi.")
    expect(page.get_by_text("Il vous reste 5 codes sur 6")).to_be_visible()


@pytest.mark.slow
def test_without_scripts_the_page_says_so_and_leads_elsewhere(caisses: Caisses, visit: Visit) -> None:
    alpha = caisses.do(prepare)
    page = visit(width=360, javascript=False)
    page.goto(caisses.url(ALPHA, "/connexion/"))
    expect(page.get_by_text("Une clé d’accès demande un navigateur récent")).to_be_visible()
    expect(page.get_by_role("button", name=ALONE)).to_be_hidden()
    assert_structure(page)
    first_step(page, caisses)
    page.get_by_label("Ne plus demander de code sur cet appareil pendant 30 jours").check()
    page.locator("[name=code]").fill(caisses.do(sms_codes, alpha)[-1])
    page.get_by_role("button", name="Vérifier").click()
    leave(page)
    first_step(page, caisses)
    expect(page).to_have_url(caisses.url(ALPHA, "/"))
