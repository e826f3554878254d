"""Who forgot the secret types the identifier. Only the worker learns whose it is."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection as proxy
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.forgetting import (
    AGENCY,
    CODE,
    MUTUAL,
    NEXT,
    NIMES,
    PARIS,
    RECOVER,
    Worker,
    activated,
    ask,
    latest,
    links,
    member,
    whys,
    without_email,
)
from tests.identity.steps import (
    NOBODY_HAS_IT,
    SIGN_IN,
    SIGN_OUT,
    WRONG,
    enter_code,
    enter_secret,
    events,
    publish,
    put_in,
    queued,
    said,
    sms_codes,
    user_of,
)
from tests.identity.test_answers_are_equal import DRAWN
from tests.identity.test_blind_step import Face, face
from tests.identity.waiting import NIR_KEPT, newcomer
from tests.identity.waiting import links as activation_links
from tests.world import ANNE

WAITS, CLOSED, BARE, LOCKED = "1234567890", "1234500000", "1234500001", "1234500002"


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Worker:
    return Worker(monkeypatch)


@dataclass(frozen=True)
class Seen:
    """What an answer shows, and what it cost."""

    shown: Face
    headers: dict[str, str]
    page: Face
    queries: int
    hashes: int
    jobs: int
    sizes: tuple[int, ...]
    messages: int


def seen(browser: Browser, caisse: Caisse, worker: Worker, hashes: list[str], identifier: str) -> Seen:
    browser.get(RECOVER)
    before = len(hashes), len(worker.asked), queued(caisse)
    with CaptureQueriesContext(proxy) as queries:
        answer = ask(browser, identifier)
    return Seen(
        shown=face(answer),
        headers={name: value for name, value in answer.headers.items() if name not in DRAWN},
        page=face(browser.get(answer.headers["Location"])),
        queries=len(queries),
        hashes=len(hashes) - before[0],
        jobs=len(worker.asked) - before[1],
        sizes=tuple(len(str(value)) for job in worker.asked[-1:] for value in job.values()),
        messages=queued(caisse) - before[2],
    )


@pytest.mark.parametrize("policy", [{}, PARIS], ids=["link", "link and code"])
def test_the_answer_is_the_same_for_somebody_and_nobody_in_whatever_state(
    alpha: Caisse, browser_at: BrowserAt, worker: Worker, hashes: list[str], policy: dict[str, Any]
) -> None:
    """In words, status, size, headers, hashes, statements and queued jobs."""
    publish(alpha, policy)
    newcomer(alpha, identifier=WAITS)
    activated(alpha, newcomer(alpha, identifier=CLOSED, number="C-80"), is_active=False)
    activated(alpha, newcomer(alpha, identifier=BARE, number="C-81", email="", mobile=""))
    activated(alpha, newcomer(alpha, identifier=LOCKED, number="C-82"))
    for _ in range(5):
        enter_secret(browser_at(ANNE.host), identifier=LOCKED, secret=WRONG)
    answers = [
        seen(browser_at(ANNE.host), alpha, worker, hashes, identifier)
        for identifier in (ANNE.identifier, NOBODY_HAS_IT, WAITS, CLOSED, BARE, LOCKED)
    ]
    assert answers == [answers[0]] * 6
    assert (answers[0].shown.location, answers[0].jobs, answers[0].hashes) == (NEXT, 1, 0)
    worker.run()
    assert whys(alpha) == ["unknown", "never_activated", "closed", "agency"]
    assert len(links(alpha)) == 2


def test_where_a_code_is_typed_next_the_answer_and_each_wrong_code_are_the_same_for_all(
    alpha: Caisse, browser_at: BrowserAt, worker: Worker, hashes: list[str]
) -> None:
    """Known, unknown, not activated, without an address; to the end of the tries."""
    publish(alpha, MUTUAL, instead_of="identifier")
    publish(alpha, {"lockout": {"robots": "never"}})
    member(alpha)
    newcomer(alpha, identifier="2530723073004", number="C-79")
    activated(alpha, newcomer(alpha, identifier="1530723073004", number="C-78", email=""))
    stories, made = [], len(hashes)
    for nir in (NIR_KEPT, "253072B073004", "2530723073004", "1530723073004"):
        browser = browser_at(ANNE.host)
        story: list[object] = [seen(browser, alpha, worker, hashes, nir)]
        worker.run()
        for _ in range(6):
            with CaptureQueriesContext(proxy) as queries:
                answer = face(browser.post(CODE, {"code": "000000"}))
            story.append((answer, len(queries)))
        stories.append(story)
    assert stories == [stories[0]] * 4
    assert len(hashes) == made


def test_a_job_that_runs_twice_sends_once_and_an_address_that_asks_for_many_is_braked(
    alpha: Caisse, browser: Browser, worker: Worker
) -> None:
    publish(alpha, {"lockout": {"address_max_failures": 6, "max_failures": 5}})
    ask(browser)
    worker.run(times=3)
    assert len(links(alpha)) == 1
    answers = [ask(browser, f"19999999{number:02}").status_code for number in range(7)]
    assert answers == [302] * 5 + [429] * 2


def test_whoever_waits_for_a_first_connection_is_sent_that_where_it_may_be_asked_for(
    alpha: Caisse, browser: Browser, worker: Worker
) -> None:
    publish(alpha, {"activation": {"asked_by_client": True}})
    newcomer(alpha, identifier=WAITS)
    ask(browser, WAITS)
    worker.run()
    assert (len(activation_links(alpha)), links(alpha)) == (1, [])


def test_what_serves_together_is_said_to_live_as_long_as_the_shorter(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, {"recovery": {**PARIS["recovery"], "link_lifetime": "2 h"}})
    ask(browser)
    page = said(browser.get(NEXT))
    assert ("C’est valable 2 heures" in page, "12 heures" in page) == (True, False)
    assert page.index("Un e-mail avec un lien.") < page.index("Un SMS avec un code.") < page.index("les deux")


def test_without_a_mobile_half_of_the_proofs_is_not_sent(
    alpha: Caisse, browser: Browser, worker: Worker
) -> None:
    publish(alpha, PARIS)
    activated(alpha, newcomer(alpha, identifier=BARE, mobile=""))
    ask(browser, BARE)
    worker.run()
    assert (queued(alpha), whys(alpha)) == (0, ["no_mobile"])


def test_without_a_proof_it_is_at_the_agency_only(alpha: Caisse, browser: Browser, worker: Worker) -> None:
    publish(alpha, AGENCY)
    page = said(browser.get(SIGN_IN))
    assert ("ou j’ai perdu mon mot de passe" in page, "04 65 71 00 01" in page) == (
        True,
        True,
    )
    assert RECOVER not in page
    for address in (RECOVER, NEXT, CODE, "/secret-oublie/fait/", "/identifiant-oublie/"):
        assert browser.get(address).status_code == 404
    assert ask(browser).status_code == 404
    assert browser.get(f"/secret-oublie/lien/{'x' * 43}/").status_code == 404


def test_the_sign_in_page_leads_to_what_the_policy_offers(alpha: Caisse, browser: Browser) -> None:
    page = said(browser.get(SIGN_IN))
    assert (f'href="{RECOVER}"' in page, "Mot de passe oublié" in page) == (True, True)
    assert "quoi écrire dans « Identifiant »" in page
    publish(alpha, {"identifier": {"label": {"fr": "Code abonné", "en": "Subscriber code"}}})
    assert "quoi écrire dans « Code abonné »" in said(browser.get(SIGN_IN))
    publish(alpha, NIMES)
    page = said(browser.get(SIGN_IN))
    assert ('href="/identifiant-oublie/"' in page, "quoi écrire" in page) == (True, False)
    assert RECOVER not in said(browser.get("/agence/connexion/"))


def test_where_only_those_without_an_address_may_ask_the_page_says_so(
    alpha: Caisse, browser: Browser, worker: Worker
) -> None:
    publish(alpha, {"recovery": {"proofs": [], "proofs_without_email": ["letter_code"]}})
    without_email(alpha)
    assert ask(browser).headers["Location"] == CODE
    worker.run()
    assert latest(alpha).proofs == ["letter_code"]


def test_whoever_is_in_has_no_business_there(alpha: Caisse, browser: Browser) -> None:
    put_in(browser, alpha, user_of(alpha))
    assert [browser.get(page).headers["Location"] for page in (RECOVER, NEXT)] == ["/", "/"]


def test_the_journal_has_who_asked_from_where_and_what_became_of_it_and_names_nobody(
    alpha: Caisse, browser: Browser, worker: Worker
) -> None:
    ask(browser)
    ask(browser, NOBODY_HAS_IT)
    worker.run()
    assert events(alpha) == ["recovery.asked", "recovery.asked", "recovery.sent", "recovery.refused"]


def of_anne(browser_at: BrowserAt, caisse: Caisse) -> Browser:
    """A browser that she has used."""
    browser = browser_at(ANNE.host)
    enter_secret(browser)
    enter_code(browser, sms_codes(caisse)[-1])
    browser.post(SIGN_OUT)
    return browser


def test_past_the_limit_of_the_day_a_browser_of_the_owner_still_asks(
    alpha: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock
) -> None:
    """Or whoever knows an identifier would keep its owner from a new secret with a few requests a day."""
    owner, stranger = of_anne(browser_at, alpha), browser_at(ANNE.host)
    for browser in (stranger, stranger, stranger, stranger, owner):
        clock.move(minutes=20)
        ask(browser)
        worker.run()
    assert (len(links(alpha)), whys(alpha)) == (4, [])
    for _ in range(4):
        clock.move(minutes=20)
        ask(owner)
        worker.run()
    assert len(links(alpha)) == 6


def test_past_the_limit_a_browser_that_knows_another_is_answered_alike_and_sends_nothing(
    alpha: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock, hashes: list[str]
) -> None:
    """Somebody and nobody too: the worker alone compares."""
    activated(alpha, newcomer(alpha, identifier=CLOSED))
    hers = of_anne(browser_at, alpha)
    answers = []
    for identifier in (CLOSED, NOBODY_HAS_IT, ANNE.identifier):
        for _ in range(3):
            clock.move(minutes=20)
            ask(browser_at(ANNE.host), identifier)
        worker.run()
        clock.move(minutes=20)
        answers.append(seen(hers, alpha, worker, hashes, identifier))
    sent = len(links(alpha))
    assert answers == [answers[0]] * 3
    assert answers[0].jobs == 1
    worker.run()
    assert len(links(alpha)) == sent + 1
    assert whys(alpha).count("day") == 1
