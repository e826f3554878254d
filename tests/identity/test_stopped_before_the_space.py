"""Who passes every step and stops at a page before the space has no session: it is told of, and not as a sign-in."""

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import User
from tenant_apps.identity.rehearse import rehearse_sign_ins
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import (
    SIGN_OUT,
    enter_code,
    enter_secret,
    events,
    failures,
    mails,
    publish,
    said,
    sms_codes,
    user_of,
)
from tests.identity.test_terms import TERMS, come, terms
from tests.world import ANNE


@pytest.fixture
def with_terms(alpha: Caisse, clock: Clock) -> Caisse:
    publish(alpha, terms())
    return alpha


def told(caisse: Caisse) -> list[str]:
    return mails(caisse, kind="new_sign_in")


def last_seen(caisse: Caisse) -> object:
    with tenant_context(caisse):
        return User.objects.get(pk=user_of(caisse).pk).last_login


def test_stopping_at_the_terms_is_no_sign_in_and_alarms_the_owner(
    with_terms: Caisse, browser: Browser
) -> None:
    assert come(browser, with_terms) == TERMS
    browser.get(TERMS)
    assert events(with_terms)[-1] == "sign_in.steps_passed"
    assert "sign_in.done" not in events(with_terms)
    assert last_seen(with_terms) is None
    (mail,) = told(with_terms)
    assert "a donné tout ce qui ouvre votre espace" in mail


def test_going_on_is_a_sign_in_and_told_of_once(with_terms: Caisse, browser: Browser) -> None:
    come(browser, with_terms)
    browser.post(TERMS, {"accept": "1"})
    assert events(with_terms)[-3:] == ["sign_in.steps_passed", "terms.accepted", "sign_in.done"]
    assert len(told(with_terms)) == 1
    assert "C’est votre première connexion" in said(browser.get("/"))


def test_each_unknown_browser_that_stops_is_told_of_and_a_known_one_is_not(
    with_terms: Caisse, browser_at: BrowserAt, clock: Clock
) -> None:
    known = browser_at(ANNE.host)
    come(known, with_terms)
    known.post(TERMS, {"accept": "1"})
    publish(with_terms, terms(version="2027-01"))
    for browser, count in ((known, 1), (browser_at(ANNE.host), 2), (browser_at(ANNE.host), 3)):
        browser.post(SIGN_OUT)
        clock.move(minutes=1)
        assert come(browser, with_terms) == TERMS
        assert len(told(with_terms)) == count


def test_where_the_secret_is_all_that_is_asked_stopping_alarms_too(
    with_terms: Caisse, browser: Browser
) -> None:
    publish(with_terms, {"second_factor": {"required": False}})
    assert enter_secret(browser).headers["Location"] == TERMS
    assert (events(with_terms), len(told(with_terms))) == (["sign_in.steps_passed"], 1)


def test_failures_are_forgotten_once_everything_is_proved(with_terms: Caisse, browser: Browser) -> None:
    enter_secret(browser, secret="Pas-le-bon-secret-0!")
    enter_secret(browser)
    assert failures(with_terms) > 0
    enter_code(browser, sms_codes(with_terms)[-1])
    assert failures(with_terms) == 0


def test_a_rehearsal_replays_a_sign_in_that_stopped_as_one_try(
    with_terms: Caisse, browser: Browser, clock: Clock
) -> None:
    begun = clock.now
    come(browser, with_terms)
    browser.post(TERMS, {"accept": "1"})
    clock.move(minutes=1)
    with tenant_context(with_terms):
        lines = rehearse_sign_ins(current_policy(), current_policy(), begun, clock.now)
    assert lines[0] == "1 essai rejoué."
