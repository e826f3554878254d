"""A mail tells the client that a browser never seen before has signed in."""

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.tenancy.signing import signer
from tenant_apps.clients.models import Client
from tenant_apps.identity.browsers import in_words
from tenant_apps.identity.known_browser import COOKIE
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import SIGN_OUT, enter_secret, mails, publish, sign_in, user_of
from tests.world import ANNE, BRUNO

PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


def told(caisse: Caisse) -> list[str]:
    return mails(caisse, kind="new_sign_in")


def again(browser: Browser, caisse: Caisse, clock: Clock) -> None:
    browser.post(SIGN_OUT)
    clock.move(minutes=1)
    sign_in(browser, caisse)


def test_it_is_sent_once_and_not_again_to_the_same_browser(
    alpha: Caisse, browser: Browser, clock: Clock
) -> None:
    sign_in(browser, alpha)
    assert len(told(alpha)) == 1
    again(browser, alpha, clock)
    assert len(told(alpha)) == 1


def test_another_browser_is_told_of(alpha: Caisse, browser_at: BrowserAt, clock: Clock) -> None:
    for _ in range(2):
        sign_in(browser_at(ANNE.host), alpha)
        clock.move(minutes=1)
    assert len(told(alpha)) == 2


def test_half_a_sign_in_is_not_told_of(alpha: Caisse, browser: Browser) -> None:
    enter_secret(browser)
    assert told(alpha) == []


def test_it_says_whom_when_and_with_what_but_not_the_browsers_own_words(
    alpha: Caisse, browser_at: BrowserAt
) -> None:
    sign_in(Browser(HTTP_HOST=ANNE.host, HTTP_USER_AGENT=f"{PHONE} <b>Bonjour</b>"), alpha)
    (mail,) = told(alpha)
    assert "Mme Alpha" in mail
    assert "Firefox sur Android" in mail
    assert "Bonjour</b>" not in mail
    assert ANNE.identifier not in mail


def test_without_an_address_on_file_nothing_is_sent(alpha: Caisse, browser: Browser) -> None:
    with tenant_context(alpha):
        Client.objects.update(email="")
    sign_in(browser, alpha)
    assert told(alpha) == []


def test_it_is_in_the_clients_own_language(alpha: Caisse, browser: Browser) -> None:
    with tenant_context(alpha):
        Client.objects.update(language="en")
    sign_in(browser, alpha)
    (mail,) = told(alpha)
    assert mail.startswith("Hello Ms Alpha")
    assert "Someone signed in to your account" in mail
    assert "Quelqu’un" not in mail
    assert "Hello Ms Alpha" in told(alpha)[0]


@pytest.mark.parametrize("planted", ["", "x", "é", "11111111-1111-4111-8111-111111111111:1:abc"])
def test_a_forged_cookie_makes_no_browser_known(alpha: Caisse, browser: Browser, planted: str) -> None:
    browser.cookies[COOKIE] = planted
    sign_in(browser, alpha)
    assert len(told(alpha)) == 1


def test_a_browser_known_at_one_caisse_is_new_at_the_other(
    alpha: Caisse, beta: Caisse, browser_at: BrowserAt
) -> None:
    """Even if someone signed the other client's very id there."""
    other = browser_at(BRUNO.host)
    with tenant_context(alpha):
        other.cookies[COOKIE] = signer("known-browser").sign(str(user_of(beta).uuid))
    sign_in(other, beta, BRUNO)
    assert len(told(beta)) == 1


def test_a_browser_is_not_known_for_ever(alpha: Caisse, browser: Browser, clock: Clock) -> None:
    sign_in(browser, alpha)
    clock.move(days=366)
    sign_in(browser, alpha)
    assert len(told(alpha)) == 2


def test_where_no_second_step_is_asked_it_is_sent_too(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, {"second_factor": {"required": False}})
    enter_secret(browser)
    assert len(told(alpha)) == 1


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (PHONE, "Firefox sur Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari sur iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge sur Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Chrome/130.0 Safari/537.36", "Chrome sur Mac"),
        ("curl/8.0", "un navigateur inconnu"),
        ("", "un navigateur inconnu"),
        ("Firefox" * 2000, "Firefox"),
    ],
)
def test_a_browser_is_said_in_plain_words(header: str, words: str) -> None:
    assert in_words(header, language="fr") == words
