"""The choice of language: kept on this host, and never a way to somewhere else."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenants.models import Caisse
from tests.identity.steps import sign_in
from tests.world import ANNE, BRUNO

SWITCH = "/langue/"
COOKIE = "guichet_language"
HOSTS = (ANNE.host, "gie.localhost", "localhost")


@pytest.mark.parametrize("host", HOSTS)
def test_the_choice_is_kept_and_leads_back(
    alpha: Caisse, browser_at: Callable[[str], Browser], host: str
) -> None:
    browser = browser_at(host)
    answer = browser.post(SWITCH, {"language": "en", "next": "/mentions-legales/?a=b"})
    assert answer.headers["Location"] == "/mentions-legales/?a=b"
    cookie = answer.cookies[COOKIE]
    assert (cookie.value, cookie["samesite"], bool(cookie["httponly"])) == ("en", "Lax", True)
    assert cookie["domain"] == ""
    assert browser.get("/mentions-legales/").headers["Content-Language"] == "en"
    browser.post(SWITCH, {"language": "fr"})
    assert browser.get("/mentions-legales/").headers["Content-Language"] == "fr"


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "https://example.com/",
        "//example.com",
        "///example.com",
        f"http://{BRUNO.host}/",
        "http://localhost/",
        "javascript:alert(1)",
        "/\\example.com",
        "\\\\example.com",
        "http:example.com",
        f"http://{ANNE.host}:8000/",
        f"http://{ANNE.host}.example.com/",
        "\t//example.com",
    ],
)
def test_it_leads_to_no_other_host(alpha: Caisse, browser_at: Callable[[str], Browser], wanted: str) -> None:
    answer = browser_at(ANNE.host).post(SWITCH, {"language": "en", "next": wanted})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("chosen", ["", "de", "EN", "en-gb", "../en", "x" * 5000, "é"])
def test_a_language_that_there_is_not_is_not_remembered(
    alpha: Caisse, browser_at: Callable[[str], Browser], chosen: str
) -> None:
    answer = browser_at(ANNE.host).post(SWITCH, {"language": chosen, "next": "/"})
    assert (answer.status_code, COOKIE in answer.cookies) == (302, False)


def test_what_the_browser_prefers_is_not_asked(alpha: Caisse, browser_at: Callable[[str], Browser]) -> None:
    answer = browser_at(ANNE.host).get("/connexion/", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.headers["Content-Language"] == "fr"


def test_a_get_changes_nothing(alpha: Caisse, browser_at: Callable[[str], Browser]) -> None:
    answer = browser_at(ANNE.host).get(SWITCH, {"language": "en"})
    assert (answer.status_code, COOKIE in answer.cookies) == (405, False)


def test_every_page_before_the_sign_in_offers_the_other_language(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    browser = browser_at(ANNE.host)
    for path in ("/connexion/", "/mentions-legales/"):
        assert 'action="/langue/"' in browser.get(path).content.decode()


def test_who_has_chosen_none_reads_the_language_that_the_agency_knows(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    browser = browser_at(ANNE.host)
    with tenant_context(alpha):
        Client.objects.update(language="en")
    sign_in(browser, alpha)
    assert browser.cookies[COOKIE].value == "en"
    assert "Hello" in browser.get("/").content.decode()


def test_a_choice_made_on_this_browser_stays(alpha: Caisse, browser_at: Callable[[str], Browser]) -> None:
    browser = browser_at(ANNE.host)
    with tenant_context(alpha):
        Client.objects.update(language="en")
    browser.post("/langue/", {"language": "fr"})
    sign_in(browser, alpha)
    assert "Bonjour" in browser.get("/").content.decode()
