import re
from datetime import timedelta
from importlib import import_module

import pytest
from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.core.context import request_context
from django.conf import settings
from django.core.cache import cache, caches
from django.core.signing import BadSignature
from django.test import Client as Browser
from django.test import RequestFactory
from django_tenants.utils import tenant_context

from guichet.kernel.sealing import SealBrokenError
from guichet.tenancy.signing import keyring, signer, tenant_salt
from tenant_apps.identity.known_browser import cookie_name, is_known
from tenant_apps.identity.models import User
from tenant_apps.identity.realms import CLIENTS
from tenant_apps.identity.selectors import login_index, user_of_index
from tenants.models import Caisse
from tests.isolation.visits import (
    HOME,
    SECOND_STEP,
    SIGN_IN,
    BrowserAt,
    carry_cookies,
    code_sent_to,
    first_step,
    signed_in,
)
from tests.world import ANNE, BRUNO

ELSEWHERE = (
    "http://beta.localhost/contrats/",
    "https://beta.localhost/",
    "//beta.localhost/contrats/",
    "/\\beta.localhost/",
    "///beta.localhost/",
    "http:///beta.localhost/",
    "http://alpha.localhost@beta.localhost/",
    "http://alpha.localhost.example.org/",
    "http://www.alpha.example.org/",
    "javascript:alert(1)",
    "\x08//beta.localhost/",
)
HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def guarded(host: str) -> Browser:
    return Browser(enforce_csrf_checks=True, SERVER_NAME=host, HTTP_HOST=host)


def form_token(browser: Browser) -> str:
    found = HIDDEN.search(browser.get(SIGN_IN).content.decode())
    assert found
    return found[1]


def test_a_csrf_pair_is_worth_nothing_at_the_other_caisse() -> None:
    at_alpha, at_beta = guarded(ANNE.host), guarded(BRUNO.host)
    token = form_token(at_alpha)
    carry_cookies(at_alpha, at_beta)
    words = {"identifier": BRUNO.identifier, "secret": BRUNO.secret, "csrfmiddlewaretoken": token}

    assert at_alpha.post(SIGN_IN, words).status_code == 200
    assert at_beta.post(SIGN_IN, words).status_code == 403


def test_a_csrf_pair_of_ones_own_is_taken() -> None:
    browser = guarded(BRUNO.host)
    token = form_token(browser)

    assert first_step(browser, BRUNO, csrfmiddlewaretoken=token).headers["Location"] == SECOND_STEP


@pytest.mark.parametrize("planted", ["a" * 32, "a" * 32 + ".", "a" * 32 + "." + "0" * 64, "é", "."])
def test_a_csrf_cookie_that_the_caisse_did_not_make_is_refused_and_replaced(planted: str) -> None:
    browser = guarded(BRUNO.host)
    browser.cookies[settings.CSRF_COOKIE_NAME] = planted

    assert first_step(browser, BRUNO, csrfmiddlewaretoken="a" * 32).status_code == 403
    assert first_step(browser, BRUNO, csrfmiddlewaretoken=form_token(browser)).status_code == 302


def test_what_one_caisse_signed_the_other_refuses(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha):
        signed = signer("link").sign("1")
        assert signer("link").unsign(signed, max_age=timedelta(hours=1)) == "1"
    with tenant_context(beta), pytest.raises(BadSignature):
        signer("link").unsign(signed, max_age=timedelta(hours=1))
    with tenant_context(alpha), pytest.raises(BadSignature):
        signer("another purpose").unsign(signed, max_age=timedelta(hours=1))


def test_no_two_caisses_share_a_salt(alpha: Caisse, beta: Caisse) -> None:
    salts = {tenant_salt("link")}
    for caisse in (alpha, beta):
        with tenant_context(caisse):
            salts |= {tenant_salt("link"), tenant_salt("account")}
    assert len(salts) == 5


def test_what_one_caisse_sealed_the_other_does_not_open(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha):
        sealed, digest = keyring().seal("secret", purpose="test"), keyring().digest("1", purpose="test")
    with tenant_context(beta):
        assert keyring().digest("1", purpose="test") != digest
        with pytest.raises(SealBrokenError):
            keyring().open(sealed, purpose="test")


def test_the_same_identifier_has_another_blind_index_in_each_caisse(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha):
        index = login_index(realm=CLIENTS, identifier=ANNE.identifier)
        assert user_of_index(index=index)
    with tenant_context(beta):
        assert user_of_index(index=index) is None


def test_a_known_browser_is_a_stranger_at_the_other_caisse(
    browser_at: BrowserAt, alpha: Caisse, beta: Caisse
) -> None:
    anne = signed_in(browser_at(ANNE.host), ANNE)
    request = RequestFactory().get("/")
    request.COOKIES[cookie_name()] = anne.cookies[cookie_name()].value
    with tenant_context(alpha):
        user = User.objects.get(kind=User.Kind.CLIENT)
        assert is_known(request, user=user)
    with tenant_context(beta):
        # Even were the two people to have one UUID.
        assert not is_known(request, user=user)


def test_trap_2_a_confirmation_key_of_allauth_is_good_for_one_caisse(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha):
        user = User.objects.get(kind=User.Kind.CLIENT)
        mine = EmailAddress.objects.create(user=user, email="client@alpha.example.org")
        key = EmailConfirmationHMAC(mine).key
        assert EmailConfirmationHMAC.from_key(key)
    with tenant_context(beta):
        twin = User.objects.get(kind=User.Kind.CLIENT)
        EmailAddress.objects.create(pk=mine.pk, user=twin, email="client@beta.example.org")
        assert EmailConfirmationHMAC.from_key(key) is None


def test_trap_2_the_salt_of_allauth_carries_the_caisse(alpha: Caisse, beta: Caisse) -> None:
    salts = set()
    for caisse in (alpha, beta):
        with tenant_context(caisse):
            salts.add(app_settings.SALT)
    assert len(salts) == 2


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_trap_13_a_sign_in_never_leads_to_another_host(wanted: str, browser_at: BrowserAt) -> None:
    browser = browser_at(ANNE.host)
    first_step(browser, ANNE, next=wanted)

    done = browser.post(SECOND_STEP, {"code": code_sent_to(ANNE)})

    assert done.headers["Location"] == HOME


@pytest.mark.parametrize("wanted", ["/contrats/", "http://alpha.localhost/contrats/"])
def test_trap_13_a_sign_in_leads_to_the_page_of_this_host_that_was_asked(
    wanted: str, browser_at: BrowserAt
) -> None:
    browser = browser_at(ANNE.host)
    first_step(browser, ANNE, next=wanted)

    done = browser.post(SECOND_STEP, {"code": code_sent_to(ANNE)})

    assert done.headers["Location"] == wanted


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_trap_13_the_adapter_of_allauth_trusts_this_host_alone(
    wanted: str, in_alpha: Caisse, rf: RequestFactory
) -> None:
    with request_context(rf.get("/", HTTP_HOST=ANNE.host)):
        assert not get_adapter().is_safe_url(wanted)
        assert get_adapter().is_safe_url("/contrats/")


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_trap_13_the_choice_of_a_language_never_leads_to_another_host(
    wanted: str, browser_at: BrowserAt
) -> None:
    answer = browser_at(ANNE.host).post("/langue/", {"language": "en", "next": wanted})
    assert answer.headers["Location"] == HOME


def test_trap_14_sites_are_not_installed_in_any_environment() -> None:
    everywhere = import_module("guichet.config.settings.apps").INSTALLED_APPS
    assert "django.contrib.sites" not in [*everywhere, *settings.INSTALLED_APPS]


def test_the_cache_answers_each_caisse_with_its_own(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha):
        cache.set("user:1", "Anne")
        assert cache.get("user:1") == "Anne"
    with tenant_context(beta):
        assert cache.get("user:1") is None
        cache.set("user:1", "Bruno")
    assert cache.get("user:1") is None
    with tenant_context(alpha):
        assert cache.get("user:1") == "Anne"


def test_trap_11_failed_sign_ins_leave_no_counter_in_any_cache(browser_at: BrowserAt) -> None:
    browser = browser_at(ANNE.host)
    for _ in range(3):
        browser.post(SIGN_IN, {"identifier": ANNE.identifier, "secret": "wrong"})
    first_step(browser, ANNE)
    browser.post(SECOND_STEP, {"code": "000000"})

    assert app_settings.RATE_LIMITS == {}
    assert [list(vars(each)["_cache"]) for each in caches.all()] == [[]] * len(caches.all())
