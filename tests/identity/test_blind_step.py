"""The blind second step: it comes whatever the secret was, and nothing around it says which it was."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection as proxy
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.counters import CLOSINGS, clear_account, count_first_step
from tenant_apps.identity.enrol import enrol_known_totp, new_totp_key
from tenant_apps.identity.first_step import FirstStep
from tenant_apps.identity.models import TryCounter
from tenant_apps.identity.second_step import try_second_step
from tenant_apps.identity.selectors import login_index
from tenant_apps.identity.sources import address_key
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
    address_failures,
    enter_code,
    enter_secret,
    events,
    failures,
    publish,
    queued,
    said,
    sms_codes,
    user_of,
)
from tests.world import BRUNO

_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}')
# What follows the answer itself in an address: the moment and the signature of one browser's half-finished sign-in.
_SIGNED = re.compile(rb"(reponse=[\w-]+)%3A[\w-]{6}%3A[\w-]{43}")
DRAWN, NO_CODE = 123_456, "000000"


@dataclass(frozen=True)
class Face:
    """What the person at the screen sees of an answer."""

    status: int
    location: str | None
    retry_after: str | None
    cookies: dict[str, int]
    size: int
    words: bytes


def _draw(limit: int) -> int:
    return DRAWN % limit


def face(answer: Any) -> Face:
    return Face(
        status=answer.status_code,
        location=_SIGNED.sub(rb"\1", answer.headers.get("Location", "").encode()).decode() or None,
        retry_after=answer.headers.get("Retry-After"),
        cookies={name: len(morsel.OutputString()) for name, morsel in answer.cookies.items()},
        size=len(answer.content),
        words=_SIGNED.sub(rb"\1", _TOKEN.sub(rb"\1", answer.content)),
    )


@pytest.fixture(autouse=True)
def blind(beta: Caisse, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Caisse:
    """Bruno's caisse with a blind second step. The code that is drawn is never the one that guesses try."""
    publish(beta, {"second_factor": {"blind": True}, "lockout": {"max_failures": 5, "wait": "15 min"}})
    monkeypatch.setattr("tenant_apps.identity.second_step.secrets.randbelow", _draw)
    return beta


@pytest.fixture
def pair(browser_at: BrowserAt) -> tuple[Browser, Browser]:
    """Who knows the secret, and who does not."""
    return browser_at(BRUNO.host), browser_at(BRUNO.host)


GUESSES = [{"secret": WRONG}, {"identifier": NOBODY_HAS_IT}, {"identifier": NOBODY_HAS_IT, "secret": WRONG}]


@pytest.mark.parametrize("guess", GUESSES)
def test_the_step_comes_whatever_the_secret_was(pair: tuple[Browser, Browser], guess: dict[str, str]) -> None:
    knows, guesses = pair
    right, wrong = enter_secret(knows, BRUNO), enter_secret(guesses, BRUNO, **guess)
    assert right.headers["Location"] == CODE
    assert face(right) == face(wrong)
    assert face(knows.get(CODE)) == face(guesses.get(CODE))


def test_nothing_leaves_when_the_secret_was_wrong(
    blind: Caisse, pair: tuple[Browser, Browser], worker: Worker
) -> None:
    knows, guesses = pair
    enter_secret(guesses, BRUNO, secret=WRONG)
    enter_secret(guesses, BRUNO, identifier=NOBODY_HAS_IT)
    worker.run()
    assert queued(blind) == 0
    enter_secret(knows, BRUNO)
    worker.run()
    assert sms_codes(blind) == ["123456"]


def test_the_page_shows_nothing_of_the_phone(pair: tuple[Browser, Browser]) -> None:
    enter_secret(pair[0], BRUNO)
    page = said(pair[0].get(CODE))
    assert "••" not in page
    assert "Si l’identifiant et le mot de passe sont justes" in page
    assert ("Ce n’est pas votre numéro" in page, "Vous n’avez pas de code" in page) == (False, True)


@pytest.mark.parametrize("methods", [["sms"], ["totp", "sms"]])
def test_who_asks_again_is_answered_alike_somebody_or_nobody(
    blind: Caisse, pair: tuple[Browser, Browser], methods: list[str]
) -> None:
    publish(blind, {"second_factor": {"methods": methods}})
    enter_secret(pair[0], BRUNO)
    enter_secret(pair[1], BRUNO, identifier=NOBODY_HAS_IT)
    pages = [said(browser.post(RESEND, follow=True)) for browser in pair]
    for page in pages:
        assert "Si vos informations sont justes, un nouveau code est parti." in page
        assert "valable 5 minutes" in page


def test_one_hash_is_made_whatever_the_secret_was(pair: tuple[Browser, Browser], hashes: list[str]) -> None:
    enter_secret(pair[0], BRUNO)
    enter_secret(pair[1], BRUNO, secret=WRONG)
    enter_secret(pair[1], BRUNO, identifier=NOBODY_HAS_IT)
    assert len(hashes) == 3


@pytest.mark.parametrize("guess", GUESSES)
def test_a_wrong_code_is_answered_alike(pair: tuple[Browser, Browser], guess: dict[str, str]) -> None:
    """The tries left too: they would tell whether the first step had given its count back."""
    knows, guesses = pair
    faces = []
    for browser, typed in ((knows, {"identifier": "1777777777"}), (guesses, {"identifier": "1888888888"})):
        enter_secret(browser, BRUNO, **typed)
        faces.append(face(enter_code(browser, NO_CODE)))
    assert faces[0] == faces[1]
    enter_secret(knows, BRUNO)
    right = face(enter_code(knows, NO_CODE))
    assert (right.status, right.words.count(b"essai")) == (200, faces[0].words.count(b"essai"))
    assert right == faces[0]


def test_where_a_wrong_code_leads_is_the_same_for_a_right_secret_a_wrong_one_and_nobody(
    browser_at: BrowserAt,
) -> None:
    """The answer to the try itself, what it cost, and whether it wrote to the session: no try does."""
    stories: list[Any] = []
    for typed in ({"identifier": "1777777777"}, {"identifier": "1888888888", "secret": WRONG}, {}):
        browser = browser_at(BRUNO.host)
        enter_secret(browser, BRUNO, **typed)
        with CaptureQueriesContext(proxy) as queries:
            answer = browser.post(CODE, {"code": NO_CODE})
        assert answer.headers["Location"].startswith(f"{CODE}?reponse=")
        stories.append((face(answer), len(queries)))
        assert not [each for each in queries if "UPDATE" in each["sql"] and "session" in each["sql"]]
    assert stories[0] == stories[1] == stories[2]


def test_what_one_browser_was_told_says_nothing_in_another(pair: tuple[Browser, Browser]) -> None:
    told, other = pair
    for browser in pair:
        enter_secret(browser, BRUNO)
    address = told.post(CODE, {"code": NO_CODE}).headers["Location"]
    wrong = "Vous pouvez recommencer depuis le début"
    for browser, where in (
        (told, address),
        (told, address),
        (other, address),
        (told, address[:-1]),
        (told, CODE),
    ):
        shown = wrong in said(browser.get(where))
        assert shown == (browser is told and where == address)


def test_to_the_end_of_the_tries_nothing_tells_a_right_secret_from_a_wrong_one(
    blind: Caisse, browser_at: BrowserAt
) -> None:
    """Each round is a secret and a wrong code, of which one code more is typed now and then."""
    publish(blind, {"lockout": {"robots": "never", "address_max_failures": 1000}})
    for start, again in ((0, 0), (1, 0), (0, 1), (1, 1)):
        stories = []
        for identifier, secret in ((BRUNO.identifier, BRUNO.secret), (f"18888888{start}{again}", WRONG)):
            browser = browser_at(BRUNO.host)
            story = [
                face(enter_secret(browser, BRUNO, identifier=identifier, secret=WRONG)) for _ in range(start)
            ]
            for _ in range(6):
                story.append(face(enter_secret(browser, BRUNO, identifier=identifier, secret=secret)))
                story += [face(enter_code(browser, NO_CODE)) for _ in range(1 + again)]
            stories.append([_without(each, identifier) for each in story])
        assert stories[0] == stories[1]
        assert any("Vous pourrez réessayer dans" in each.words.decode() for each in stories[0])
        _reopen(blind, BRUNO.identifier)


def _without(shown: Face, identifier: str) -> Face:
    words = shown.words.replace(identifier.encode(), b"IDENTIFIER")
    return Face(shown.status, shown.location, shown.retry_after, shown.cookies, shown.size, words)


def _reopen(caisse: Caisse, identifier: str) -> None:
    """As the agency would."""
    with tenant_context(caisse):
        clear_account(key=login_index(realm="client", identifier=identifier))


def test_asking_for_another_code_is_answered_alike(
    blind: Caisse, pair: tuple[Browser, Browser], clock: Clock, worker: Worker
) -> None:
    """Within the cool-down of the code that left for one of them, and after it."""
    knows, guesses = pair
    enter_secret(knows, BRUNO)
    enter_secret(guesses, BRUNO, secret=WRONG)
    worker.run()
    for wait in (0, 5, 10):
        clock.move(seconds=wait)
        right, wrong = knows.post(RESEND), guesses.post(RESEND)
        worker.run()
        assert face(right) == face(wrong)
        assert face(knows.get(right.headers["Location"])) == face(guesses.get(wrong.headers["Location"]))
    assert len(sms_codes(blind)) == 2


def test_the_address_counts_alike(blind: Caisse, browser_at: BrowserAt) -> None:
    """Or else: fill the address but for two, try a secret, and see which try brakes."""
    publish(blind, {"lockout": {"address_max_failures": 5}})
    for guess in ({}, {"secret": WRONG}):
        before = address_failures(blind)
        enter_secret(browser_at(BRUNO.host), BRUNO, **guess)
        assert address_failures(blind) == before + 1


def test_the_right_secret_and_the_code_open_and_give_everything_back(
    blind: Caisse, browser_at: BrowserAt, worker: Worker
) -> None:
    enter_secret(browser_at(BRUNO.host), BRUNO, secret=WRONG)
    enter_secret(browser_at(BRUNO.host), BRUNO, identifier=NOBODY_HAS_IT)
    browser = browser_at(BRUNO.host)
    enter_secret(browser, BRUNO)
    worker.run()
    assert enter_code(browser, "123456").headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert failures(blind) == 0
    assert address_failures(blind) == 2


def test_a_code_after_a_wrong_secret_opens_nothing(
    blind: Caisse, pair: tuple[Browser, Browser], worker: Worker
) -> None:
    """Even the code that has just left for the right person."""
    knows, guesses = pair
    enter_secret(knows, BRUNO)
    enter_secret(guesses, BRUNO, secret=WRONG)
    worker.run()
    assert enter_code(guesses, "123456").status_code == 200
    assert guesses.get("/").status_code == 302
    assert enter_code(knows, "123456").status_code == 302
    assert events(blind).count("sign_in.done") == 1


def test_the_last_try_is_announced_on_the_step_itself(pair: tuple[Browser, Browser]) -> None:
    """A first step says nothing of the tries: it has no page of its own to say it on."""
    for browser in pair:
        identifier = BRUNO.identifier if browser is pair[0] else NOBODY_HAS_IT
        for _ in range(3):
            enter_secret(browser, BRUNO, identifier=identifier, secret=WRONG)
        assert "<strong>1 essai" not in said(browser.get(CODE))
        enter_secret(browser, BRUNO, identifier=identifier)
        assert "<strong>1 essai" in said(browser.get(CODE))


@pytest.mark.parametrize("methods", [["sms"], ["totp", "sms"], ["totp"]])
def test_each_request_costs_the_database_as_much_for_a_wrong_secret(
    blind: Caisse, pair: tuple[Browser, Browser], worker: Worker, methods: list[str]
) -> None:
    """Time is not measured: the statements are counted, and the jobs."""
    publish(blind, {"second_factor": {"methods": methods, "blind": True}})
    if "sms" not in methods:
        with tenant_context(blind):
            enrol_known_totp(user=user_of(blind), key=new_totp_key(), now=timezone.now())
    pair[0].get(SIGN_IN)  # the policy is read once a process
    stories = []
    for browser, secret in zip(pair, (BRUNO.secret, WRONG), strict=True):
        story = []
        for act in (
            lambda: enter_secret(browser, BRUNO, secret=secret),  # noqa: B023  # called before the next turn
            lambda: browser.get(CODE),  # noqa: B023  # as above
            lambda: browser.post(RESEND),  # noqa: B023  # as above
            lambda: enter_code(browser, NO_CODE),  # noqa: B023  # as above
        ):
            with CaptureQueriesContext(proxy) as queries:
                act()
            story.append(len(queries))
        stories.append((story, len(worker.asked)))
        worker.run()
        _reopen(blind, BRUNO.identifier)
    assert stories[0] == stories[1]


def test_blind_without_a_required_second_step_is_not_blind(blind: Caisse, browser_at: BrowserAt) -> None:
    # Where money moves a second step is required.
    publish(blind, {"products": ["pawn_loans"], "second_factor": {"blind": True, "required": False}})
    assert enter_secret(browser_at(BRUNO.host), BRUNO, secret=WRONG).status_code == 200
    assert enter_secret(browser_at(BRUNO.host), BRUNO).headers["Location"] == "/"


def test_a_sign_in_with_a_wrong_code_is_one_failure_and_the_fifth_closes(
    blind: Caisse, browser_at: BrowserAt
) -> None:
    """As many whole sign-ins as the page promises, each with a secret and a code."""
    for left in (4, 3, 2, 1):
        browser = browser_at(BRUNO.host)
        enter_secret(browser, BRUNO)
        assert f"<strong>{left} essai" in said(enter_code(browser, NO_CODE))
    browser = browser_at(BRUNO.host)
    assert enter_secret(browser, BRUNO).headers["Location"] == CODE
    assert "<strong>1 essai" in said(browser.get(CODE))
    assert "Vous pourrez réessayer dans" in said(enter_code(browser, NO_CODE))
    assert failures(blind) == 5


def test_the_last_sign_in_opens_when_all_of_it_is_right(
    blind: Caisse, browser_at: BrowserAt, worker: Worker
) -> None:
    for _ in range(4):
        enter_secret(browser_at(BRUNO.host), BRUNO, secret=WRONG)
    browser = browser_at(BRUNO.host)
    enter_secret(browser, BRUNO)
    worker.run()
    assert enter_code(browser, "123456").headers["Location"] == "/"
    assert failures(blind) == 0


def test_a_second_code_of_one_sign_in_is_a_failure_of_its_own(blind: Caisse, browser_at: BrowserAt) -> None:
    browser = browser_at(BRUNO.host)
    enter_secret(browser, BRUNO)
    for expected in (1, 2, 3):
        enter_code(browser, NO_CODE)
        assert failures(blind) == expected


def test_a_lock_that_others_have_put_on_meanwhile_is_not_lifted_by_a_right_code(
    blind: Caisse, browser_at: BrowserAt, clock: Clock, worker: Worker
) -> None:
    mine, last = browser_at(BRUNO.host), browser_at(BRUNO.host)
    enter_secret(mine, BRUNO)
    worker.run()
    for browser in (browser_at(BRUNO.host), browser_at(BRUNO.host), browser_at(BRUNO.host), last):
        clock.move(seconds=1)
        enter_secret(browser, BRUNO, secret=WRONG)
    assert "Vous pourrez réessayer dans" in said(enter_code(mine, "123456"))
    assert mine.get("/").status_code == 302
    # The sign-in that closed may still answer once, and its secret was wrong.
    assert "Vous pourrez réessayer dans" in said(enter_code(last, "123456"))
    assert failures(blind) == 5


def closings(caisse: Caisse) -> int:
    with tenant_context(caisse):
        found = TryCounter.objects.filter(scope=CLOSINGS[0], key=CLOSINGS[1])
        return sum(found.values_list("failures", flat=True))


def test_an_account_that_a_sign_in_closes_is_one_for_the_alarm(blind: Caisse, browser_at: BrowserAt) -> None:
    """Or an address with a few identifiers would make the whole caisse work."""
    publish(blind, {"lockout": {"max_failures": 2, "mass_window": "24 h"}})
    for expected in (0, 1):
        browser = browser_at(BRUNO.host)
        enter_secret(browser, BRUNO, secret=WRONG)
        enter_code(browser, NO_CODE)
        assert closings(blind) == expected


def test_an_address_gets_one_try_back_however_many_right_answers_come_at_once(blind: Caisse) -> None:
    """A PIN is right as often as it is typed: a sign-in of one's own must not wash the guesses at others away."""
    address, now = "198.51.100.7", timezone.now()
    source, him = address_key(address=address), user_of(blind)
    first = FirstStep.counted(source=source, addresses={}, now=now)
    with tenant_context(blind):
        policy = current_policy()
        for account in ("a", "b", "c", him.login_index):
            count_first_step(account=account, address=source, policy=policy, now=now)
        for _ in range(3):
            check = try_second_step(
                user=him,
                index=him.login_index,
                first=first,
                look=lambda owner: owner.pk == him.pk,
                policy=policy,
                address=address,
                now=now,
            )
            assert check.passed
    assert address_failures(blind) == 3
