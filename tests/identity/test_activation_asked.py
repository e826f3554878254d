"""A client of before asks for the first connection by typing the identifier. Only the worker learns whose it is."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection as proxy
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from guichet.tenancy.enqueue import enqueue
from tenant_apps.identity import ask_activation, tasks
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import (
    NOBODY_HAS_IT,
    SIGN_IN,
    events,
    failures,
    publish,
    put_in,
    queued,
    said,
    user_of,
)
from tests.identity.test_blind_step import Face, face
from tests.identity.waiting import (
    ASK,
    ASKED,
    CHOOSE,
    DIRECT,
    IDENTIFIER,
    LINK,
    first_passwords,
    links,
    newcomer,
    send,
)
from tests.world import ANNE

CLOSED = "1234500000"


class Worker:
    """Does the jobs of these requests when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[dict[str, Any]] = []
        monkeypatch.setattr(ask_activation, "enqueue", self._note)

    def _note(self, task: str, **arguments: Any) -> int | None:
        assert task == "identity.send_activation"
        self.asked.append({"tenant": connection.schema_name, **arguments})
        return enqueue(task, **arguments)

    def run(self, *, times: int = 1) -> None:
        """Every job that was asked for since the last time."""
        waiting, self.asked = self.asked, []
        for arguments in waiting * times:
            with tenant_context(caisse_of_schema(schema=arguments["tenant"])):
                tasks.send_activation(**arguments)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    return Worker(monkeypatch)


@pytest.fixture(autouse=True)
def lea(alpha: Caisse, clock: Clock) -> User:
    """Waits at alpha, where a client may ask; nothing was sent yet."""
    publish(alpha, LINK)
    closed = newcomer(alpha, identifier=CLOSED, number="C-80")
    with tenant_context(alpha):
        User.objects.filter(pk=closed.pk).update(is_active=False)
    return newcomer(alpha)


def ask(browser: Browser, identifier: str = IDENTIFIER) -> Any:
    return browser.post(ASK, {"identifier": identifier})


def test_who_asks_is_sent_the_link(alpha: Caisse, browser: Browser, worker: Worker) -> None:
    assert f'href="{ASK}"' in said(browser.get(SIGN_IN))
    assert ask(browser).headers["Location"] == ASKED
    page = said(browser.get(ASKED))
    assert ("Si cet identifiant est le bon" in page, "24 heures" in page) == (True, True)
    worker.run()
    browser.get(links(alpha)[0])
    assert browser.get(CHOOSE).status_code == 200


@dataclass(frozen=True)
class Seen:
    """What an answer shows, and what it cost."""

    shown: Face
    page: Face
    queries: int
    hashes: int
    jobs: int
    sizes: tuple[int, ...]
    messages: int


def seen(browser: Browser, caisse: Caisse, worker: Worker, hashes: list[str], identifier: str) -> Seen:
    browser.get(ASK)
    before = len(hashes), len(worker.asked), queued(caisse)
    with CaptureQueriesContext(proxy) as queries:
        answer = ask(browser, identifier)
    return Seen(
        shown=face(answer),
        page=face(browser.get(ASKED)),
        queries=len(queries),
        hashes=len(hashes) - before[0],
        jobs=len(worker.asked) - before[1],
        sizes=tuple(len(str(value)) for value in worker.asked[-1].values()),
        messages=queued(caisse) - before[2],
    )


def test_the_answer_is_the_same_for_who_waits_who_is_active_who_was_closed_and_nobody(
    alpha: Caisse, browser_at: BrowserAt, worker: Worker, hashes: list[str]
) -> None:
    """In words, status, size, hashes, statements and queued jobs."""
    browser_at(ANNE.host).get(SIGN_IN)
    answers = [
        seen(browser_at(ANNE.host), alpha, worker, hashes, identifier)
        for identifier in (IDENTIFIER, ANNE.identifier, CLOSED, NOBODY_HAS_IT)
    ]
    assert answers == [answers[0]] * 4
    assert (answers[0].jobs, answers[0].hashes, answers[0].messages) == (1, 0, 0)
    worker.run()
    assert len(links(alpha)) == queued(alpha) == 1


def test_only_the_journal_says_why_nothing_left(alpha: Caisse, browser: Browser, worker: Worker) -> None:
    for identifier in (ANNE.identifier, CLOSED, NOBODY_HAS_IT):
        ask(browser, identifier)
    worker.run()
    with tenant_context(alpha):
        told = Event.objects.filter(kind="activation.nothing_sent").order_by("id")
        assert [event.details["why"] for event in told] == ["activated", "closed", "unknown"]
        assert told[0].subject == str(user_of(alpha).uuid)


def test_a_client_without_an_address_is_sent_nothing_and_the_job_does_not_fail(
    alpha: Caisse, browser: Browser, worker: Worker
) -> None:
    newcomer(alpha, identifier="1234500001", number="C-81", email="")
    ask(browser, "1234500001")
    worker.run()
    assert (queued(alpha), events(alpha)) == (0, ["activation.nothing_sent"])


def test_a_job_that_runs_twice_sends_once(alpha: Caisse, browser: Browser, worker: Worker) -> None:
    ask(browser)
    worker.run(times=3)
    assert len(links(alpha)) == 1


def test_asking_again_sends_again(
    alpha: Caisse, lea: User, browser: Browser, worker: Worker, clock: Clock
) -> None:
    """Not at once: a request must not void what its owner has just received."""
    send(alpha, lea)
    for minutes, count in ((14, 1), (2, 2)):
        clock.move(minutes=minutes)
        ask(browser)
        worker.run()
        assert len(links(alpha)) == count


@pytest.mark.parametrize("identifier", [IDENTIFIER, ANNE.identifier, NOBODY_HAS_IT])
def test_past_so_many_requests_a_day_nothing_leaves_and_the_answer_is_the_usual_one(
    alpha: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock, identifier: str
) -> None:
    for _ in range(3):
        assert ask(browser_at(ANNE.host), identifier).status_code == 302
    answer = ask(browser_at(ANNE.host), identifier)
    assert answer.headers["Location"] == ASKED
    assert len(worker.asked) == 3
    assert failures(alpha, identifier=identifier) == 0
    clock.move(days=1)
    ask(browser_at(ANNE.host), identifier)
    assert len(worker.asked) == 4


def test_an_address_that_asks_for_many_is_braked(alpha: Caisse, browser: Browser, worker: Worker) -> None:
    publish(alpha, {"lockout": {"address_max_failures": 6, "max_failures": 5}})
    answers = [ask(browser, f"19999999{number:02}").status_code for number in range(8)]
    assert answers == [302] * 6 + [429] * 2
    assert len(worker.asked) == 6
    with tenant_context(alpha):
        assert TryCounter.objects.filter(scope="request").count() == 6


@pytest.mark.parametrize("typed", ["", "123", "abc", "1000\x00000001", "1" * 300, "１２３"])
def test_an_identifier_of_a_wrong_form_is_refused_and_counts_nowhere(
    alpha: Caisse, browser: Browser, worker: Worker, typed: str
) -> None:
    answer = ask(browser, typed)
    assert (answer.status_code, bool(answer.context["form"].errors["identifier"])) == (200, True)
    assert worker.asked == []
    with tenant_context(alpha):
        assert not TryCounter.objects.exists()


def test_full_width_digits_are_the_digits_that_they_look_like(
    alpha: Caisse, browser: Browser, worker: Worker
) -> None:
    ask(browser, "１２３４５６７８９０")
    worker.run()
    assert len(links(alpha)) == 1


def test_where_first_passwords_are_sent_both_messages_leave(
    alpha: Caisse, browser: Browser, worker: Worker
) -> None:
    publish(alpha, {**DIRECT, "activation": DIRECT["activation"] | {"asked_by_client": True}})
    ask(browser)
    page = said(browser.get(ASKED))
    assert ("Un SMS avec votre premier mot de passe" in page, "un lien" in page) == (True, False)
    worker.run()
    assert (len(first_passwords(alpha)), queued(alpha)) == (1, 2)


def test_a_caisse_where_nobody_may_ask_has_no_such_page(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, {"activation": {"asked_by_client": False}})
    assert [browser.get(page).status_code for page in (ASK, ASKED)] == [404, 404]
    assert ask(browser).status_code == 404
    assert ASK not in said(browser.get(SIGN_IN))


def test_whoever_is_in_has_no_business_there(alpha: Caisse, browser: Browser) -> None:
    put_in(browser, alpha, user_of(alpha))
    assert [browser.get(page).headers["Location"] for page in (ASK, ASKED)] == ["/", "/"]
