"""Who is shut out until the agency opens again is told so, once, and nobody learns from it who exists."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from guichet.tenancy.enqueue import enqueue
from tenant_apps.clients.models import Client
from tenant_apps.identity import closing_notice, tasks
from tenant_apps.identity.counters import clear_account
from tenant_apps.identity.selectors import login_index
from tenant_apps.messaging.models import Message
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.clock import Clock
from tests.identity.conftest import BrowserAt, Worker
from tests.identity.steps import (
    CODE,
    NOBODY_HAS_IT,
    WRONG,
    enter_code,
    enter_secret,
    failures,
    mails,
    publish,
    user_of,
)
from tests.world import ANNE, BRUNO

AGENCY = {"lockout": {"max_failures": 3, "wait": "none", "until_agency": True}}
KIND = "access_closed"


class Jobs:
    """The jobs that tell of a closing; those that are due run when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[datetime, dict[str, Any]]] = []
        monkeypatch.setattr(closing_notice, "enqueue", self._note)

    def _note(self, task: str, *, at: datetime | None, **arguments: Any) -> int | None:
        assert task == "identity.tell_of_closing"
        self.asked.append((at or timezone.now(), {"tenant": connection.schema_name, **arguments}))
        return enqueue(task, at=at, **arguments)

    def run(self) -> None:
        """They stay: each runs again the next time, as a job may."""
        for due, arguments in self.asked:
            if due <= timezone.now():
                with tenant_context(caisse_of_schema(schema=arguments["tenant"])):
                    tasks.tell_of_closing(**arguments)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Jobs:
    return Jobs(monkeypatch)


def with_mail(caisse: Caisse, *, email: str = "anne@alpha.example.org") -> None:
    with tenant_context(caisse):
        Client.objects.filter(user=user_of(caisse)).update(email=email)


def shut(browser_at: BrowserAt, *, identifier: str = ANNE.identifier) -> None:
    for _ in range(3):
        enter_secret(browser_at(ANNE.host), ANNE, identifier=identifier, secret=WRONG)


def channels(caisse: Caisse) -> list[str]:
    with tenant_context(caisse):
        return list(Message.objects.filter(kind=KIND).order_by("id").values_list("channel", flat=True))


def test_the_try_that_closes_is_told_once_by_mail(alpha: Caisse, jobs: Jobs, browser_at: BrowserAt) -> None:
    publish(alpha, AGENCY)
    with_mail(alpha)
    shut(browser_at)
    jobs.run()
    jobs.run()
    shut(browser_at)
    jobs.run()
    [text] = mails(alpha, kind=KIND)
    assert "Seule votre agence peut le rouvrir" in text
    assert "Aucun de ces essais n’a ouvert votre espace." in text


def test_who_has_no_address_is_told_by_sms_out_of_the_share_of_what_anybody_asks(
    alpha: Caisse, jobs: Jobs, browser_at: BrowserAt
) -> None:
    publish(alpha, AGENCY)
    with_mail(alpha, email="")
    with tenant_context(alpha):
        Client.objects.filter(user=user_of(alpha)).update(mobile=ANNE.phone)
    shut(browser_at)
    jobs.run()
    with tenant_context(alpha):
        message = Message.objects.get(kind=KIND)
    assert (message.channel, message.by_anybody) == ("sms", True)


def test_an_identifier_of_nobody_asks_for_the_same_job_and_nothing_leaves(
    alpha: Caisse, jobs: Jobs, browser_at: BrowserAt
) -> None:
    publish(alpha, AGENCY)
    with_mail(alpha)
    shut(browser_at, identifier=NOBODY_HAS_IT)
    shut(browser_at)
    of_nobody, of_anne = (arguments for _, arguments in jobs.asked)
    assert of_nobody.keys() == of_anne.keys()
    assert {name: len(value) for name, value in of_nobody.items()} == {
        name: len(value) for name, value in of_anne.items()
    }
    jobs.asked = jobs.asked[:1]
    jobs.run()
    assert channels(alpha) == []


def test_a_wait_that_ends_by_itself_is_told_by_the_screen_alone(
    alpha: Caisse, jobs: Jobs, browser_at: BrowserAt
) -> None:
    publish(alpha, {"lockout": {"max_failures": 3, "wait": "10 min", "daily_total": 20}})
    shut(browser_at)
    assert jobs.asked == []


def test_the_total_of_a_day_closes_and_is_told(
    alpha: Caisse, jobs: Jobs, browser_at: BrowserAt, clock: Clock
) -> None:
    publish(alpha, {"lockout": {"max_failures": 3, "wait": "10 s", "daily_total": 4}})
    with_mail(alpha)
    shut(browser_at)
    clock.move(minutes=1)
    enter_secret(browser_at(ANNE.host), ANNE, secret=WRONG)
    jobs.run()
    assert channels(alpha) == ["mail"]


def test_what_the_agency_has_opened_meanwhile_is_not_told(
    alpha: Caisse, jobs: Jobs, browser_at: BrowserAt, clock: Clock
) -> None:
    publish(alpha, AGENCY)
    with_mail(alpha)
    shut(browser_at)
    with tenant_context(alpha):
        clear_account(key=login_index(realm="client", identifier=ANNE.identifier))
    jobs.run()
    assert channels(alpha) == []
    clock.move(minutes=1)
    shut(browser_at)
    jobs.run()
    assert channels(alpha) == ["mail"]


@pytest.fixture
def blind(beta: Caisse, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> Caisse:
    monkeypatch.setattr("tenant_apps.identity.second_step.secrets.randbelow", lambda limit: 123_456 % limit)
    publish(beta, {**AGENCY, "second_factor": {"blind": True}})
    with_mail(beta, email="bruno@beta.example.org")
    return beta


def test_blind_the_closing_is_told_when_the_second_half_was_wrong_too(
    blind: Caisse, jobs: Jobs, browser_at: BrowserAt, worker: Worker
) -> None:
    for _ in range(2):
        enter_secret(browser_at(BRUNO.host), BRUNO, secret=WRONG)
    browser = browser_at(BRUNO.host)
    enter_secret(browser, BRUNO)
    jobs.run()
    assert channels(blind) == []
    enter_code(browser, "000000")
    jobs.run()
    assert channels(blind) == ["mail"]


def test_blind_a_last_sign_in_that_is_left_is_told_once_it_has_lapsed(
    blind: Caisse, jobs: Jobs, browser_at: BrowserAt, clock: Clock
) -> None:
    for _ in range(3):
        enter_secret(browser_at(BRUNO.host), BRUNO, secret=WRONG)
    clock.move(minutes=14)
    jobs.run()
    assert channels(blind) == []
    clock.move(minutes=1)
    jobs.run()
    assert channels(blind) == ["mail"]


def test_blind_a_last_sign_in_that_opens_tells_of_no_closing(
    blind: Caisse,
    jobs: Jobs,
    browser_at: BrowserAt,
    worker: Worker,
    clock: Clock,
) -> None:
    for _ in range(2):
        enter_secret(browser_at(BRUNO.host), BRUNO, secret=WRONG)
    browser = browser_at(BRUNO.host)
    assert enter_secret(browser, BRUNO).headers["Location"] == CODE
    worker.run()
    assert enter_code(browser, "123456").headers["Location"] == "/"
    assert failures(blind) == 0
    clock.move(minutes=16)
    jobs.run()
    assert (len(jobs.asked), channels(blind)) == (1, [])


@pytest.mark.parametrize("identifier", [BRUNO.identifier, NOBODY_HAS_IT])
def test_blind_somebody_and_nobody_ask_for_as_many_jobs_at_the_same_moments(
    blind: Caisse, jobs: Jobs, browser_at: BrowserAt, identifier: str
) -> None:
    began = timezone.now()
    for _ in range(3):
        browser = browser_at(BRUNO.host)
        enter_secret(browser, BRUNO, identifier=identifier, secret=WRONG)
        enter_code(browser, "000000")
    assert [due - began for due, _ in jobs.asked] == [timedelta(minutes=15), timedelta(0)]
