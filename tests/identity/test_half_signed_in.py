"""A half-finished sign-in is worth what the account was when it began: any change of it, and it begins again."""

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.enrol import enrol_known_totp, enrol_phone
from tenant_apps.identity.models import SmsDevice, TotpDevice
from tenant_apps.identity.send_activation import send_activation
from tenant_apps.identity.totp import code_at, step_of
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt, Worker
from tests.identity.keypads import KEY
from tests.identity.steps import (
    CODE,
    RESEND,
    SIGN_IN,
    WRONG,
    counter,
    enter_code,
    enter_secret,
    publish,
    sign_in,
    sms_codes,
    user_of,
)
from tests.identity.waiting import DIRECT, IDENTIFIER, OWN_SECRET, first_passwords, newcomer, twice
from tests.world import ANNE

CHOICE = "/connexion/second-moyen/"
APPLICATION = f"{CHOICE}application/"


@pytest.fixture(autouse=True)
def _standing(clock: Clock) -> None:
    """The code of an application must not change meanwhile."""


@pytest.fixture
def enrolling(alpha: Caisse, browser: Browser) -> Browser:
    """Somebody who knows Anne's password, before she has any second factor."""
    publish(alpha, {"second_factor": {"methods": ["totp", "sms"]}, "lockout": {"max_failures": 5}})
    with tenant_context(alpha):
        SmsDevice.objects.all().delete()
    assert enter_secret(browser).headers["Location"] == CHOICE
    return browser


def link_application(browser: Browser) -> object:
    page = browser.get(APPLICATION)
    key = page.context["key"] if page.status_code == 200 else KEY
    return browser.post(APPLICATION, {"code": code_at(key, step_of(timezone.now()))})


def test_once_the_person_has_a_second_factor_nobody_adds_another(alpha: Caisse, enrolling: Browser) -> None:
    with tenant_context(alpha):
        enrol_phone(user=user_of(alpha), phone="+33639980001", first=True, now=timezone.now())
    answer = link_application(enrolling)
    assert answer.headers["Location"] == SIGN_IN  # type: ignore[attr-defined]  # Django's test answer
    assert enrolling.get("/").status_code == 302
    with tenant_context(alpha):
        assert not TotpDevice.objects.exists()


def test_of_two_who_enrol_at_once_the_second_begins_again(
    alpha: Caisse, enrolling: Browser, browser_at: BrowserAt
) -> None:
    owner = browser_at(ANNE.host)
    enter_secret(owner)
    enrolling.get(APPLICATION)
    link_application(owner)
    owner.post("/connexion/codes-de-secours/")
    assert owner.get("/").status_code == 200
    link_application(enrolling)
    assert enrolling.get("/").status_code == 302
    assert enrolling.get(CHOICE).headers["Location"] == SIGN_IN


def test_an_account_that_was_closed_meanwhile_stays_closed(
    alpha: Caisse, enrolling: Browser, browser_at: BrowserAt
) -> None:
    publish(
        alpha,
        {
            "second_factor": {"methods": ["totp", "sms"]},
            "lockout": {"max_failures": 5, "wait": "none", "until_agency": True},
        },
    )
    for _ in range(5):
        enter_secret(browser_at(ANNE.host), secret=WRONG)
    link_application(enrolling)
    assert enrolling.get("/").status_code == 302
    row = counter(alpha)
    assert row is not None
    assert row.agency_only


def test_a_first_password_that_was_sent_anew_closes_what_began_with_the_one_before(
    alpha: Caisse, browser: Browser
) -> None:
    publish(alpha, DIRECT, instead_of="identifier" if "identifier" in DIRECT else "")
    lea = newcomer(alpha, identifier=IDENTIFIER)
    with tenant_context(alpha):
        send_activation(user=lea, now=timezone.now())
    old = first_passwords(alpha)[0]
    assert enter_secret(browser, identifier=IDENTIFIER, secret=old).headers["Location"] == OWN_SECRET
    with tenant_context(alpha):
        send_activation(user=lea, now=timezone.now())
    assert browser.post(OWN_SECRET, twice()).status_code == 200
    with tenant_context(alpha):
        lea.refresh_from_db()
    assert not lea.is_activated


def test_a_success_leaves_the_attacker_s_share_of_the_day_s_total(
    alpha: Caisse, browser_at: BrowserAt
) -> None:
    for _ in range(3):
        enter_secret(browser_at(ANNE.host), secret=WRONG)
    sign_in(browser_at(ANNE.host), alpha)
    row = counter(alpha)
    assert row is not None
    assert (row.failures, row.day_total) == (0, 3)


def test_a_blind_sign_in_leaves_nothing_of_its_own_in_the_day_s_total(
    alpha: Caisse, browser_at: BrowserAt, worker: Worker
) -> None:
    publish(alpha, {"second_factor": {"blind": True}})
    for _ in range(3):
        browser = browser_at(ANNE.host)
        enter_secret(browser)
        worker.run()
        assert enter_code(browser, sms_codes(alpha)[-1]).headers["Location"] == "/"
    row = counter(alpha)
    assert row is not None
    assert (row.failures, row.day_total) == (0, 0)


def test_asking_for_codes_without_end_asks_the_worker_for_few(
    alpha: Caisse, browser: Browser, worker: Worker
) -> None:
    publish(alpha, {"second_factor": {"blind": True, "sms": {"per_hour": 3}}})
    enter_secret(browser, secret=WRONG)
    answers = {browser.post(RESEND).headers["Location"] for _ in range(20)}
    assert answers == {f"{CODE}?envoye=1"}
    assert len(worker.asked) == 1 + 3


def test_an_application_linked_elsewhere_ends_a_sign_in_that_waits_for_a_code(
    alpha: Caisse, browser: Browser
) -> None:
    enter_secret(browser)
    with tenant_context(alpha):
        enrol_known_totp(user=user_of(alpha), key=KEY, now=timezone.now())
    assert browser.get(CODE).headers["Location"] == SIGN_IN
