"""Blind, with an exception of one person: nothing tells that person from another, nor from nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as proxy
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.enrol import enrol_known_totp, new_totp_key
from tenant_apps.identity.grant_exception import grant_exception
from tenant_apps.identity.models import SmsDevice, User
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.clock import Clock
from tests.identity.conftest import BrowserAt, Worker
from tests.identity.steps import (
    CODE,
    NOBODY_HAS_IT,
    RESEND,
    SIGN_IN,
    WRONG,
    enter_code,
    enter_secret,
    publish,
    sms_codes,
    user_of,
)
from tests.identity.test_blind_step import face
from tests.world import BRUNO

NO_CODE = "000000"


@pytest.fixture
def excepted(beta: Caisse, clock: Clock) -> Caisse:
    """Beta, blind, takes an application's codes; Bruno may have one by SMS for some days."""
    publish(beta, {"second_factor": {"methods": ["totp"], "blind": True}})
    with tenant_context(beta):
        SmsDevice.objects.all().delete()
        enrol_known_totp(user=user_of(beta), key=new_totp_key(), now=timezone.now())
        grant_exception(
            user=user_of(beta),
            way="sms",
            lasts=timedelta(days=2),
            by=User.objects.get(kind=User.Kind.STAFF).uuid,
            reason="broken",
            policy=current_policy(),
            now=timezone.now(),
        )
        assert Client.objects.count() == 1
    return beta


def story(browser: Browser, worker: Worker, **typed: str) -> list[Any]:
    """What each step shows, what it asks of the database, and whether it asks for a job."""
    told: list[Any] = []
    for act in (
        lambda: enter_secret(browser, BRUNO, **typed),
        lambda: browser.get(CODE),
        lambda: browser.post(RESEND),
        lambda: enter_code(browser, NO_CODE),
    ):
        with CaptureQueriesContext(proxy) as queries:
            answer = act()
        told.append((face(answer), len(queries), len(worker.asked)))
    return told


def test_the_person_of_the_exception_looks_like_anybody_and_nobody(
    excepted: Caisse, browser_at: BrowserAt, worker: Worker
) -> None:
    browser_at(BRUNO.host).get(SIGN_IN)  # the policy is read once a process
    stories = []
    for typed in ({}, {"secret": WRONG}, {"identifier": NOBODY_HAS_IT}):
        stories.append(story(browser_at(BRUNO.host), worker, **typed))
        worker.run()
    # The tries left are those of an account: of Bruno's, the second story is one try later.
    counted = [[(each[1], each[2]) for each in told] for told in stories]
    assert counted[0] == counted[1] == counted[2]
    assert stories[0][:3] == stories[1][:3] == stories[2][:3]
    assert stories[0][3] == stories[2][3]
    assert len(sms_codes(excepted)) == 1


def test_the_code_that_came_by_sms_opens_until_the_exception_ends(
    excepted: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock
) -> None:
    browser = browser_at(BRUNO.host)
    enter_secret(browser, BRUNO)
    worker.run()
    assert enter_code(browser, sms_codes(excepted)[-1]).headers["Location"] == "/"
    clock.move(days=2)
    late = browser_at(BRUNO.host)
    enter_secret(late, BRUNO)
    assert worker.asked == []
    assert "Le code de votre application" in late.get(CODE).content.decode()
