"""The end of a session: announced by the page, put off by one press, and explained where one signs in again."""

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import SIGN_IN, publish, put_in, said, sign_in, user_of
from tests.world import ANNE

PROLONG = "/connexion/prolonger/"
SCRIPT = "guichet/stay.js"


@pytest.fixture
def inside(alpha: Caisse, browser: Browser, clock: Clock) -> Browser:
    """A browser signed in as Anne; idle 15 minutes, 8 hours in all, by the platform's default."""
    sign_in(browser, alpha)
    return browser


def test_a_page_says_how_much_is_left_of_the_policy_s_lengths(
    inside: Browser, alpha: Caisse, clock: Clock
) -> None:
    assert 'data-idle="900" data-absolute="28800"' in said(inside.get("/"))
    publish(alpha, {"session": {"idle": "5 min", "absolute": "1 h"}})
    clock.move(seconds=10)
    # The grain: this page is not yet noted, and the server counts from the one before.
    assert 'data-idle="290" data-absolute="3590"' in said(inside.get("/"))


def test_the_script_is_for_who_is_in_alone(inside: Browser, browser_at: BrowserAt) -> None:
    for path in ("/", "/contrats/", "/securite/", "/mentions-legales/"):
        page = said(inside.get(path))
        assert SCRIPT in page
        assert 'role="alertdialog"' in page
    for path in (SIGN_IN, "/mentions-legales/"):
        assert "data-stay" not in said(browser_at(ANNE.host).get(path))
        assert SCRIPT not in said(browser_at(ANNE.host).get(path))


def test_staff_have_the_lengths_of_their_own_rules(alpha: Caisse, browser_at: BrowserAt) -> None:
    staff = put_in(browser_at(ANNE.host), alpha, user_of(alpha, kind=User.Kind.STAFF))
    with tenant_context(alpha):
        session = staff.session
        session["guichet_staff"] = True
        session.save()
    page = said(staff.get("/agence/"))
    assert 'data-idle="1800"' in page
    assert 'data-door="/agence/connexion/?next=/agence/"' in page


def test_one_press_puts_idleness_off_and_age_goes_on(inside: Browser, clock: Clock) -> None:
    clock.move(minutes=14, seconds=50)
    assert inside.post(PROLONG).json() == {"idle": 900, "absolute": 28_800 - 890}
    clock.move(minutes=14, seconds=50)
    assert inside.get("/").status_code == 200
    for _ in range(8 * 6):
        clock.move(minutes=10)
        inside.post(PROLONG)
    assert inside.get("/").status_code == 302


def test_the_press_counts_even_right_after_a_page(inside: Browser, clock: Clock) -> None:
    clock.move(seconds=15)
    inside.post(PROLONG)
    clock.move(minutes=14, seconds=50)
    assert inside.get("/").status_code == 200


def test_too_late_it_opens_nothing(inside: Browser, clock: Clock) -> None:
    clock.move(minutes=15, seconds=1)
    assert inside.post(PROLONG).status_code == 401
    assert inside.get("/").status_code == 302


@pytest.mark.parametrize(
    ("wait", "why"),
    [
        ({"minutes": 16}, "se ferme après 15 minutes sans rien faire"),
        ({"hours": 9}, "dure 8 heures au plus"),
    ],
)
def test_the_page_of_sign_in_says_why_once(
    inside: Browser, clock: Clock, wait: dict[str, float], why: str
) -> None:
    clock.move(**wait)
    page = inside.get(inside.get("/").headers["Location"])
    assert "Vous avez été déconnecté." in said(page)
    assert why in said(page)
    assert "Vous avez été déconnecté." not in said(inside.get(SIGN_IN))


def test_it_says_so_too_when_it_is_the_first_page_that_is_asked(inside: Browser, clock: Clock) -> None:
    """As the script does, which leads there by itself."""
    clock.move(minutes=16)
    assert "Vous avez été déconnecté." in said(inside.get(SIGN_IN))
    assert "Vous avez été déconnecté." not in said(inside.get(SIGN_IN))


def test_a_made_up_reason_says_nothing(browser: Browser, alpha: Caisse) -> None:
    browser.cookies["guichet_ended"] = "<b>Bonjour</b>"
    assert "Vous avez été déconnecté." not in said(browser.get(SIGN_IN))
