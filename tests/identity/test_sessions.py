"""A session: new at the sign-in, ended by the person, by idleness and by age."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import User
from tenant_apps.identity.tasks import forget
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import (
    CODE,
    SIGN_IN,
    SIGN_OUT,
    enter_code,
    enter_secret,
    publish,
    said,
    sign_in,
    sms_codes,
)
from tests.world import ANNE

COOKIE = settings.SESSION_COOKIE_NAME
TO_SIGN_IN = f"{SIGN_IN}?next=/"


@pytest.fixture
def inside(alpha: Caisse, browser: Browser, clock: Clock) -> Browser:
    """A browser signed in as Anne; idle 15 minutes, 8 hours in all, by the platform's default."""
    sign_in(browser, alpha)
    return browser


def is_in(browser: Browser) -> bool:
    answer = browser.get("/")
    assert answer.status_code == 200 or answer.headers["Location"] == TO_SIGN_IN
    return answer.status_code == 200


def with_cookie(browser: Browser, key: str) -> Browser:
    browser.cookies[COOKIE] = key
    return browser


def sessions(caisse: Caisse) -> int:
    with tenant_context(caisse):
        return Session.objects.count()


def test_the_key_changes_at_the_sign_in_and_the_old_one_is_worth_nothing(
    alpha: Caisse, browser: Browser, browser_at: BrowserAt
) -> None:
    enter_secret(browser)
    half = browser.cookies[COOKIE].value
    enter_code(browser, sms_codes(alpha)[0])
    assert browser.cookies[COOKIE].value != half
    assert not is_in(with_cookie(browser_at(ANNE.host), half))
    assert with_cookie(browser_at(ANNE.host), half).get(CODE).headers["Location"] == SIGN_IN


def test_a_key_that_someone_else_chose_is_never_taken(
    alpha: Caisse, browser: Browser, browser_at: BrowserAt
) -> None:
    planted = "a" * 32
    with_cookie(browser, planted)
    sign_in(browser, alpha)
    assert browser.cookies[COOKIE].value != planted
    assert not is_in(with_cookie(browser_at(ANNE.host), planted))


@pytest.mark.parametrize("key", ["", "x", "é" * 32, "a" * 4000, "../../etc/passwd", "'; --"])
def test_a_strange_cookie_is_nobodys(alpha: Caisse, browser_at: BrowserAt, key: str) -> None:
    assert not is_in(with_cookie(browser_at(ANNE.host), key))


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(inside: Browser) -> None:
    cookie = inside.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["domain"] == ""
    assert cookie["max-age"] == ""


def test_signing_out_ends_the_session_for_good(alpha: Caisse, inside: Browser, browser_at: BrowserAt) -> None:
    key = inside.cookies[COOKIE].value
    left = inside.post(SIGN_OUT).headers["Location"]
    assert left == f"{SIGN_IN}?deconnecte=1"
    assert "Vous êtes déconnecté." in said(inside.get(left))
    assert not is_in(inside)
    assert not is_in(with_cookie(browser_at(ANNE.host), key))
    assert sessions(alpha) == 0


def test_signing_out_ends_half_a_sign_in(alpha: Caisse, browser: Browser) -> None:
    enter_secret(browser)
    browser.post(SIGN_OUT)
    assert enter_code(browser, sms_codes(alpha)[0]).headers["Location"] == SIGN_IN


def test_signing_out_of_one_browser_leaves_the_other_in(
    alpha: Caisse, inside: Browser, browser_at: BrowserAt
) -> None:
    other = browser_at(ANNE.host)
    sign_in(other, alpha)
    inside.post(SIGN_OUT)
    assert is_in(other)


def test_a_get_signs_nobody_out(inside: Browser) -> None:
    assert inside.get(SIGN_OUT).status_code == 405
    assert is_in(inside)


def test_a_session_without_activity_ends(inside: Browser, clock: Clock) -> None:
    for _ in range(4):
        clock.move(minutes=14)
        assert is_in(inside)
    clock.move(minutes=15, seconds=1)
    assert not is_in(inside)


def test_a_session_ends_with_age_whatever_is_done_in_it(inside: Browser, clock: Clock) -> None:
    for _ in range(8 * 6):
        assert is_in(inside)
        clock.move(minutes=10)
    clock.move(seconds=1)
    assert not is_in(inside)


def test_the_first_page_after_a_sign_in_is_not_served_hours_later(inside: Browser, clock: Clock) -> None:
    """Both limits run from the sign-in: nothing was asked between it and this."""
    clock.move(hours=2)
    assert not is_in(inside)


def test_what_is_ended_by_age_stays_ended(inside: Browser, clock: Clock) -> None:
    start = clock.now
    clock.move(minutes=16)
    assert not is_in(inside)
    clock.set_to(start)
    assert not is_in(inside)


def test_the_limits_are_those_of_the_policy(alpha: Caisse, browser: Browser, clock: Clock) -> None:
    publish(alpha, {"session": {"idle": "5 min", "absolute": "20 min"}})
    sign_in(browser, alpha)
    clock.move(minutes=5, seconds=1)
    assert not is_in(browser)


def test_the_table_holds_no_key_that_opens_a_session(alpha: Caisse, inside: Browser) -> None:
    with tenant_context(alpha):
        stored = Session.objects.get().session_key
    assert stored != inside.cookies[COOKIE].value
    assert len(stored) == 40


def test_ended_sessions_leave_the_table(alpha: Caisse, inside: Browser, clock: Clock) -> None:
    clock.move(hours=13)
    with tenant_context(alpha):
        forget(tenant=alpha.schema_name)
    assert sessions(alpha) == 0


def test_an_account_that_is_shut_is_out_at_once(alpha: Caisse, inside: Browser) -> None:
    with tenant_context(alpha):
        User.objects.filter(kind=User.Kind.CLIENT).update(is_active=False)
    assert not is_in(inside)


def test_who_is_in_is_not_asked_to_sign_in_again(inside: Browser) -> None:
    assert inside.get(SIGN_IN).headers["Location"] == "/"
    assert inside.get(CODE).headers["Location"] == SIGN_IN
    assert enter_secret(inside).headers["Location"] == "/"


def test_pages_of_a_session_are_kept_by_no_cache(inside: Browser) -> None:
    for path in ("/", "/contrats/"):
        assert "no-store" in inside.get(path).headers["Cache-Control"]
    inside.post(SIGN_OUT)
    assert "no-store" in inside.get(SIGN_IN).headers["Cache-Control"]
