"""« Ma sécurité » of the GIE's operators, at the GIE's host."""

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import TotpDevice, User
from tenant_apps.identity.recovery_codes import make_codes
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tenants.selectors import caisse_of_schema
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.keypads import application_shows, with_application
from tests.identity.steps import CODE, enter_code, enter_secret, events, publish, put_in, said, user_of
from tests.world import ANNE, Someone

HOST = "gie.localhost"
OLGA = Someone("gie", "op@gie.example.org", "Operer-le-GIE-2026!", "+33639980009")
HOME, SECRET, CHANGE, APPLICATION = (
    "/securite/",
    "/securite/secret/",
    "/securite/moyens/",
    "/securite/moyens/application/",
)
NEW = "Cerf-volant-bleu-41!"


@pytest.fixture
def gie(alpha: Caisse, beta: Caisse, clock: Clock) -> Caisse:
    """Where operators have an application, and Olga has hers."""
    gie = caisse_of_schema(schema="gie")
    publish(gie, {"second_factor": {"methods": ["totp"]}})
    with_application(gie, user_of(gie, kind=User.Kind.OPERATOR))
    return gie


@pytest.fixture
def olga(gie: Caisse, browser_at: BrowserAt, clock: Clock) -> Browser:
    """Signed in through both steps; what she showed has served."""
    browser = browser_at(HOST)
    assert enter_secret(browser, OLGA).headers["Location"] == CODE
    assert enter_code(browser, application_shows()).headers["Location"] == "/"
    clock.move(minutes=1)
    return browser


def test_the_bar_of_the_console_names_who_is_in_and_leads_to_it(olga: Browser) -> None:
    for address in ("/", HOME, SECRET):
        bar = said(olga.get(address)).partition("<main")[0]
        assert f'href="{HOME}"' in bar
        assert "Olga Opérat" in bar
        assert "ma sécurité" in bar


def test_it_shows_the_ways_in_the_devices_and_what_happened(olga: Browser) -> None:
    page = said(olga.get(HOME))
    for part in ("Votre mot de passe", "Application", "cet appareil", "Connexion réussie"):
        assert part in page
    assert "Prévenez votre administrateur" in page
    assert "votre agence" not in page
    # No address of theirs is on file.
    assert "préviendrons" not in said(olga.get(SECRET))


def test_an_operator_changes_password_and_application_and_signs_in_with_both(
    gie: Caisse, olga: Browser, browser_at: BrowserAt, clock: Clock
) -> None:
    fields = {"old": OLGA.secret, "password": NEW, "again": NEW}
    assert "votre nouveau mot de passe est enregistré" in said(olga.post(SECRET, fields, follow=True))
    confirm = olga.post(CHANGE, {"what": "device.add_totp"}).headers["Location"]
    assert confirm.startswith("/securite/confirmer/")
    assert olga.post(confirm, {"code": application_shows()}).headers["Location"] == APPLICATION
    key = olga.get(APPLICATION).context["key"]
    done = olga.post(APPLICATION, {"code": application_shows(key=key)}, follow=True)
    assert done.status_code == 200
    assert olga.get("/").status_code == 200
    with tenant_context(gie):
        assert TotpDevice.objects.filter(confirmed=True).count() == 1
    assert "secret.changed" in events(gie)
    clock.move(minutes=1)
    fresh = browser_at(HOST)
    assert enter_secret(fresh, OLGA).status_code == 200
    assert enter_secret(fresh, OLGA, secret=NEW).headers["Location"] == CODE
    assert enter_code(fresh, application_shows()).status_code == 200
    assert enter_code(fresh, application_shows(key=key)).headers["Location"] == "/"


def test_others_of_hers_are_signed_out(gie: Caisse, olga: Browser, browser_at: BrowserAt) -> None:
    other = put_in(browser_at(HOST), gie, user_of(gie, kind=User.Kind.OPERATOR))
    answer = olga.post("/securite/appareils/fermer-les-autres/")
    assert answer.headers["Location"] == f"{HOME}?fait=fermees"
    assert [each.get("/").status_code for each in (olga, other)] == [200, 302]


def test_a_recovery_code_leads_an_operator_to_what_is_lost(gie: Caisse, browser_at: BrowserAt) -> None:
    publish(gie, {"second_factor": {"methods": ["totp"], "recovery_codes": 3}})
    with tenant_context(gie):
        user = User.objects.get(kind=User.Kind.OPERATOR)
        code, *_ = make_codes(user=user, policy=current_policy(), now=timezone.now())
    fresh = browser_at(HOST)
    enter_secret(fresh, OLGA)
    answer = fresh.post("/connexion/code/secours/", {"code": code})
    assert answer.headers["Location"] == f"{HOME}?fait=secours"
    assert "Un code de secours a servi." in said(fresh.get(f"{HOME}?fait=secours"))


def test_at_a_caisse_it_stays_the_clients_own(olga: Browser, alpha: Caisse, browser_at: BrowserAt) -> None:
    assert said(put_in(browser_at(ANNE.host), alpha, user_of(alpha)).get(HOME)).count("Olga") == 0
    assert browser_at(HOST).get(HOME).headers["Location"] == f"/connexion/?next={HOME}"
