import io
import ipaddress
import logging
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection as proxy
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.tenancy.logs import TenantFilter
from guichet.web.brand import current_brand
from guichet.web.proxies import NO_ADDRESS, ProxyMiddleware, client_address
from tenant_apps.identity.models import TryCounter
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tenants.provisioning.connections import as_migrator, become_owner
from tests.isolation.visits import (
    HOME,
    SIGN_IN,
    BrowserAt,
    carry_cookies,
    first_step,
    share_session,
    signed_in,
)
from tests.world import ALPHA, ANNE, BRUNO

TRUSTED = ["10.0.0.0/8", "2001:db8:ffff::/48"]
FORWARDED = "HTTP_X_FORWARDED_FOR"


@pytest.fixture
def suspended(pair: dict[str, Caisse]) -> Callable[[], None]:
    """Suspends alpha; every caisse is active again after the test."""

    def suspend() -> None:
        with as_migrator() as owner:
            become_owner(owner)
            owner.execute("UPDATE tenants_caisse SET state = 'suspended' WHERE schema_name = 'alpha'")

    return suspend


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the configured handler of the log writes."""
    written = io.StringIO()
    [handler] = [each for each in logging.getLogger().handlers if any_tenant_filter(each)]
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written)
    yield written
    if before is not None:
        handler.setStream(before)


def any_tenant_filter(handler: logging.Handler) -> bool:
    return any(isinstance(each, TenantFilter) for each in handler.filters)


@pytest.mark.parametrize("method", ["get", "post", "put", "head", "options"])
@pytest.mark.parametrize("path", ["/", SIGN_IN, "/contrats/", "/langue/", "/demo/messages/", "/nowhere/"])
def test_a_suspended_caisse_answers_503_whatever_is_asked(
    path: str, method: str, suspended: Callable[[], None], browser_at: BrowserAt
) -> None:
    suspended()
    answer = getattr(browser_at(ANNE.host), method)(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == str(settings.SUSPENDED_RETRY_SECONDS)


def test_a_suspended_caisse_shows_its_own_look_and_counts_no_try(
    suspended: Callable[[], None], browser_at: BrowserAt, pair: dict[str, Caisse]
) -> None:
    suspended()
    browser = browser_at(ANNE.host)
    with tenant_context(pair[ALPHA]):
        address = current_brand().stylesheet_url

    page = first_step(browser, ANNE)

    assert "Caisse Alpha" in page.content.decode()
    assert address in page.content.decode()
    assert browser.get(address).status_code == 200
    assert browser.get("/marque/0000000000000000.css").status_code == 404
    with tenant_context(pair[ALPHA]):
        assert not TryCounter.objects.exists()
        assert not Event.objects.exclude(kind="account.opened").exists()


def test_a_suspension_comes_before_any_session_is_read(
    suspended: Callable[[], None], browser_at: BrowserAt
) -> None:
    anne = signed_in(browser_at(ANNE.host), ANNE)
    suspended()
    with CaptureQueriesContext(proxy) as queries:
        answer = anne.get(HOME)
    assert answer.status_code == 503
    assert not [query for query in queries if "django_session" in query["sql"] or "identity_" in query["sql"]]
    assert b"Lastname" not in answer.content


def test_a_suspension_is_of_one_caisse(suspended: Callable[[], None], browser_at: BrowserAt) -> None:
    suspended()
    assert first_step(browser_at(BRUNO.host), BRUNO).status_code == 302
    front = browser_at("localhost").get("/").content.decode()
    assert "Caisse Beta" in front
    assert "Caisse Alpha" not in front


@pytest.mark.parametrize("name", [settings.SESSION_COOKIE_NAME, "sessionid", settings.CSRF_COOKIE_NAME])
@pytest.mark.parametrize("value", ["a" * 32, "é", "", "a" * 4000, "a.b"])
def test_the_front_door_answers_whatever_cookie_is_shown(
    name: str, value: str, alpha: Caisse, browser_at: BrowserAt
) -> None:
    browser = browser_at("localhost")
    browser.cookies[name] = value
    with CaptureQueriesContext(proxy) as queries:
        answer = browser.get("/")
    assert answer.status_code == 200
    assert "Caisse Alpha" in answer.content.decode()
    assert not [query for query in queries if "session" in query["sql"] or "identity_" in query["sql"]]
    assert settings.SESSION_COOKIE_NAME not in answer.cookies


def test_the_front_door_speaks_english_without_a_session(db: None, browser_at: BrowserAt) -> None:
    browser = browser_at("localhost")
    browser.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert browser.post("/langue/", {"language": "en", "next": "/"}).status_code == 302
    assert browser.get("/").headers["Content-Language"] == "en"


def seen(peer: str, *, claimed: str | None = None, **headers: str) -> HttpRequest:
    """The request as the views get it."""
    found: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(request)
        return HttpResponse()

    if claimed is not None:
        headers[FORWARDED] = claimed
    ProxyMiddleware(view)(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))  # type: ignore[arg-type]  # headers are what remains
    return found[0]


@pytest.mark.parametrize(
    ("peer", "claimed", "address"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("203.0.113.7", "10.0.0.1", "203.0.113.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66,198.51.100.1 ,, 10.0.0.2, ", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, not an address", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, not an address, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "'; DROP TABLE x; --", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
        ("10.0.0.1", "192.0.2.66, 203.0.113.7:4711, 10.0.0.2:80", "203.0.113.7"),
        ("10.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
        ("10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "[203.0.113.7:4711", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7:port", "10.0.0.1"),
        ("2001:db8:ffff::1", "2001:DB8:0::7", "2001:db8::7"),
        ("", "198.51.100.1", NO_ADDRESS),
    ],
)
def test_an_address_is_believed_as_far_as_trusted_proxies_vouch_for_it(
    peer: str, claimed: str | None, address: str, networks: None
) -> None:
    assert client_address(seen(peer, claimed=claimed)) == address


@pytest.fixture
def networks() -> Iterator[None]:
    """Declared as the environment declares them."""
    parsed = [ipaddress.ip_network(text) for text in TRUSTED]
    with override_settings(
        TRUSTED_PROXIES=parsed, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")
    ):
        yield


def test_an_undeclared_peer_claims_no_protocol_and_no_host(networks: None) -> None:
    claims = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "beta.localhost"}
    stranger, proxy_of_ours = seen("203.0.113.7", **claims), seen("10.0.0.1", **claims)
    assert not stranger.is_secure()
    assert "HTTP_X_FORWARDED_HOST" not in stranger.META
    assert proxy_of_ours.is_secure()


def test_the_journal_and_the_brake_use_the_address_that_is_believed(
    in_alpha: Caisse, networks: None, browser_at: BrowserAt
) -> None:
    for believed, headers in (
        ("203.0.113.7", {"REMOTE_ADDR": "203.0.113.7", FORWARDED: "198.51.100.1"}),
        ("198.51.100.1", {"REMOTE_ADDR": "10.0.0.1", FORWARDED: "192.0.2.66, 198.51.100.1"}),
    ):
        words = {"identifier": ANNE.identifier, "secret": "wrong"}
        browser_at(ANNE.host).post(SIGN_IN, words, **headers)  # type: ignore[arg-type]  # headers are what remains
        with tenant_context(in_alpha):
            assert Event.objects.latest("id").address == believed
    with tenant_context(in_alpha):
        assert TryCounter.objects.filter(scope="address").count() == 2


def test_a_line_of_the_log_says_which_caisse_it_is_about(
    alpha: Caisse, beta: Caisse, browser_at: BrowserAt, lines: io.StringIO
) -> None:
    anne = browser_at(ANNE.host)
    first_step(anne, ANNE)
    share_session(anne, source=alpha, target=beta)
    thief = browser_at(BRUNO.host)
    carry_cookies(anne, thief)
    thief.get(HOME)
    logging.getLogger("guichet.test").warning("outside")

    written = lines.getvalue().splitlines()

    assert [line for line in written if "[alpha] guichet.access: POST /connexion/ 302" in line]
    assert [line for line in written if "[beta] guichet.security: a session of another caisse" in line]
    assert [line for line in written if "[public] guichet.test: outside" in line]
    assert not [line for line in written if "[alpha]" in line and "guichet.access" not in line]


def test_every_cookie_is_for_this_host_alone(db: None, browser_at: BrowserAt) -> None:
    anne = signed_in(browser_at(ANNE.host), ANNE)
    anne.post("/langue/", {"language": "en"})
    assert {"guichet_session", "guichet_csrf", "guichet_known", "guichet_language"} <= set(anne.cookies)
    for morsel in anne.cookies.values():
        assert morsel["domain"] == ""
        assert morsel["path"] == "/"
        assert morsel["httponly"]
        assert morsel["samesite"] == "Lax"


def language_of(browser: Browser, **headers: str) -> str:
    answer = browser.get(SIGN_IN, **headers)  # type: ignore[arg-type]  # headers are what remains
    assert "Cookie" in answer.headers["Vary"]
    return answer.headers["Content-Language"]


def test_the_language_is_french_until_english_is_asked_for(db: None, browser_at: BrowserAt) -> None:
    browser = browser_at(ANNE.host)
    assert language_of(browser) == "fr"
    assert language_of(browser, HTTP_ACCEPT_LANGUAGE="en") == "fr"
    browser.post("/langue/", {"language": "en", "next": SIGN_IN})
    assert language_of(browser) == "en"
    assert language_of(browser_at(ANNE.host)) == "fr"


@pytest.mark.parametrize("value", ["de", "", "en-GB", "EN", "../en", "é", "x" * 4000])
def test_a_language_that_we_do_not_speak_is_french(value: str, db: None, browser_at: BrowserAt) -> None:
    browser = browser_at(ANNE.host)
    browser.post("/langue/", {"language": value})
    assert settings.LANGUAGE_COOKIE_NAME not in browser.cookies
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = value
    assert language_of(browser) == "fr"


def test_the_language_of_one_request_is_not_that_of_the_next(db: None, browser_at: BrowserAt) -> None:
    english = browser_at(ANNE.host)
    english.post("/langue/", {"language": "en"})
    assert language_of(english) == "en"
    assert language_of(browser_at(BRUNO.host)) == "fr"
