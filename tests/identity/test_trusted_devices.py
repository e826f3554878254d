"""A browser that passes without a second step for some days, where the policy lets it."""

from typing import Any

import pytest
from django.db import connection as proxy
from django.test import Client as Browser
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import TrustedDevice, User
from tenant_apps.identity.tasks import forget
from tenant_apps.identity.trusted_devices import COOKIE, passes_by_trust
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.clock import Clock
from tests.identity.conftest import BrowserAt, Worker
from tests.identity.steps import (
    CODE,
    NOBODY_HAS_IT,
    SIGN_IN,
    WRONG,
    enter_secret,
    events,
    publish,
    put_in,
    said,
    sms_codes,
    user_of,
)
from tests.identity.test_blind_step import face
from tests.world import ANNE, BRUNO

HOME, END = "/securite/", "/securite/appareils/retirer-la-confiance/"
BOX = 'name="trust"'


@pytest.fixture(autouse=True)
def ruled(alpha: Caisse, clock: Clock) -> Caisse:
    publish(alpha, {"second_factor": {"methods": ["sms"], "trusted_days": 30}})
    return alpha


@pytest.fixture
def trusted(ruled: Caisse, browser: Browser) -> Browser:
    """Anne's, signed out again."""
    enter_secret(browser)
    assert BOX in said(browser.get(CODE))
    browser.post(CODE, {"code": sms_codes(ruled)[-1], "trust": "1"})
    browser.post("/deconnexion/")
    return browser


def test_the_secret_is_enough_there_and_nowhere_else(
    ruled: Caisse, trusted: Browser, browser_at: BrowserAt
) -> None:
    before = len(sms_codes(ruled))
    assert enter_secret(trusted).headers["Location"] == "/"
    assert trusted.get("/").status_code == 200
    assert len(sms_codes(ruled)) == before
    assert events(ruled)[-2:] == ["second_step.trusted", "sign_in.done"]
    assert enter_secret(browser_at(ANNE.host)).headers["Location"] == CODE


def test_a_wrong_secret_is_refused_there_as_anywhere(trusted: Browser) -> None:
    assert enter_secret(trusted, secret=WRONG).status_code == 200
    assert trusted.get("/").status_code == 302


def test_it_lasts_as_long_as_the_policy_says_today(ruled: Caisse, trusted: Browser, clock: Clock) -> None:
    clock.move(days=29)
    assert enter_secret(trusted).headers["Location"] == "/"
    trusted.post("/deconnexion/")
    publish(ruled, {"second_factor": {"trusted_days": 20}})
    assert enter_secret(trusted).headers["Location"] == CODE
    publish(ruled, {"second_factor": {"trusted_days": 0}})
    assert BOX not in said(trusted.get(CODE))


def test_it_is_listed_and_ended_by_its_owner(ruled: Caisse, trusted: Browser) -> None:
    enter_secret(trusted)
    assert "Vos appareils de confiance" in said(trusted.get(HOME))
    with tenant_context(ruled):
        which = str(TrustedDevice.objects.get().uuid)
    assert trusted.post(END, {"device": which}).headers["Location"] == f"{HOME}?fait=confiance"
    assert "Vos appareils de confiance" not in said(trusted.get(HOME))
    trusted.post("/deconnexion/")
    assert enter_secret(trusted).headers["Location"] == CODE
    assert "trusted_device.ended" in events(ruled)


def test_whatever_ends_every_session_ends_it(ruled: Caisse, trusted: Browser, browser_at: BrowserAt) -> None:
    put_in(browser_at(ANNE.host), ruled, user_of(ruled))
    enter_secret(trusted)
    trusted.post("/securite/appareils/fermer-les-autres/")
    trusted.post("/deconnexion/")
    assert enter_secret(trusted).headers["Location"] == CODE
    with tenant_context(ruled):
        forget(tenant=ruled.schema_name)
        assert not TrustedDevice.objects.exists()


def test_a_cookie_that_was_altered_or_is_of_another_caisse_or_person_opens_nothing(
    ruled: Caisse, beta: Caisse, trusted: Browser, browser_at: BrowserAt
) -> None:
    publish(beta, {"second_factor": {"methods": ["sms"], "trusted_days": 30}})
    cookie = trusted.cookies[COOKIE].value
    other = browser_at(BRUNO.host)
    other.cookies[COOKIE] = cookie
    assert enter_secret(other, BRUNO).headers["Location"] == CODE
    trusted.cookies[COOKIE] = ("B" if cookie.startswith("A") else "A") + cookie[1:]
    assert enter_secret(trusted).headers["Location"] == CODE
    trusted.cookies[COOKIE] = cookie
    with tenant_context(ruled):
        # A row that somebody who can write to the table has moved to another owner.
        TrustedDevice.objects.update(user=user_of(ruled, kind=User.Kind.STAFF))
        request = RequestFactory().get("/")
        request.COOKIES[COOKIE] = cookie
        assert not passes_by_trust(
            request,
            user=user_of(ruled, kind=User.Kind.STAFF),
            policy=current_policy(),
            address="192.0.2.1",
            now=timezone.now(),
        )


def test_what_the_table_holds_makes_no_cookie(ruled: Caisse, trusted: Browser) -> None:
    token = trusted.cookies[COOKIE].value.partition(":")[0]
    with tenant_context(ruled):
        assert token not in TrustedDevice.objects.get().digest
    trusted.cookies[COOKIE] = token
    assert enter_secret(trusted).headers["Location"] == CODE


def test_blind_such_a_cookie_costs_and_says_the_same_whoever_is_typed(
    ruled: Caisse, trusted: Browser, browser_at: BrowserAt, worker: Worker
) -> None:
    publish(ruled, {"second_factor": {"blind": True}})
    browser_at(ANNE.host).get(SIGN_IN)  # the policy is read once a process
    stories = []
    guesses: list[dict[str, Any]] = [
        {"secret": WRONG},
        {"identifier": NOBODY_HAS_IT},
        {"identifier": "1888888888"},
    ]
    for typed in guesses:
        browser = browser_at(ANNE.host)
        browser.cookies[COOKIE] = trusted.cookies[COOKIE].value
        with CaptureQueriesContext(proxy) as queries:
            stories.append((face(enter_secret(browser, **typed)), len(queries)))
    assert stories[0] == stories[1] == stories[2]
