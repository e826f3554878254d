"""What is said of an identifier that nobody has equals what is said of one that somebody has."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection as proxy
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import (
    NOBODY_HAS_IT,
    SIGN_IN,
    WRONG,
    enter_secret,
    events,
    failures,
    publish,
    queued,
    user_of,
)
from tests.world import ANNE

_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}')
DRAWN = ("Expires", "X-Request-ID")
# What a browser may be told of the way: all of it, but the two values that are drawn afresh each time.
POLICIES: dict[str, dict[str, Any]] = {
    "waits": {"lockout": {"max_failures": 3, "wait": "10 min"}},
    "agency": {"lockout": {"max_failures": 3, "wait": "none", "until_agency": True}},
    "daily": {"lockout": {"max_failures": 3, "daily_total": 4, "wait": "10 s"}},
    "silent": {"lockout": {"max_failures": 3, "shows_tries_left": False}},
}


@dataclass(frozen=True)
class Seen:
    """All that an answer shows, and what it cost."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, int]
    size: int
    words: bytes
    hashes: int
    queries: int
    messages: int


def seen(
    browser: Browser, caisse: Caisse, hashes: list[str], *, identifier: str, secret: str = WRONG
) -> Seen:
    browser.get(SIGN_IN)
    hashed, waiting = len(hashes), queued(caisse)
    with CaptureQueriesContext(proxy) as queries:
        answer: Any = enter_secret(browser, identifier=identifier, secret=secret)
    return Seen(
        status=answer.status_code,
        # A second that goes on with the real time, and a number that is drawn for each request.
        headers={name: value for name, value in answer.headers.items() if name not in DRAWN},
        cookies={name: len(morsel.OutputString()) for name, morsel in answer.cookies.items()},
        size=len(answer.content),
        words=_TOKEN.sub(rb"\1", answer.content).replace(identifier.encode(), b"IDENTIFIER"),
        hashes=len(hashes) - hashed,
        queries=len(queries),
        messages=queued(caisse) - waiting,
    )


@pytest.fixture(params=POLICIES)
def ruled(alpha: Caisse, clock: Clock, request: pytest.FixtureRequest) -> Caisse:
    """Anne's caisse under several kinds of lockout; the clock stands still."""
    publish(alpha, POLICIES[request.param])
    return alpha


def test_each_try_is_answered_alike(
    ruled: Caisse, browser_at: BrowserAt, hashes: list[str], clock: Clock
) -> None:
    """First try, last try, the one that closes, those that find it closed, and after the wait."""
    known, unknown = browser_at(ANNE.host), browser_at(ANNE.host)
    for number in range(8):
        if number == 6:
            clock.move(minutes=11)
        of_known = seen(known, ruled, hashes, identifier=ANNE.identifier)
        of_unknown = seen(unknown, ruled, hashes, identifier=NOBODY_HAS_IT)
        assert of_known == of_unknown
        assert (of_known.hashes, of_known.messages, of_known.status) == (1, 0, 200)
    assert failures(ruled) == failures(ruled, identifier=NOBODY_HAS_IT)


def test_while_closed_the_right_secret_is_answered_like_a_wrong_one(
    ruled: Caisse, browser_at: BrowserAt, hashes: list[str]
) -> None:
    browser = browser_at(ANNE.host)
    of_wrong = [seen(browser, ruled, hashes, identifier=ANNE.identifier) for _ in range(5)]
    right = seen(browser, ruled, hashes, identifier=ANNE.identifier, secret=ANNE.secret)
    assert right == of_wrong[-1]
    assert events(ruled)[-2:] == ["sign_in.refused_while_locked", "sign_in.right_secret_while_locked"]


@pytest.mark.parametrize("flaw", ["inactive", "waits for its activation"])
def test_an_account_that_cannot_be_entered_is_answered_like_none(
    alpha: Caisse, browser_at: BrowserAt, hashes: list[str], flaw: str
) -> None:
    with tenant_context(alpha):
        user = User.objects.get(kind=User.Kind.CLIENT)
        if flaw == "inactive":
            user.is_active = False
        else:
            user.set_unusable_password()
        user.save()
    right = seen(browser_at(ANNE.host), alpha, hashes, identifier=ANNE.identifier, secret=ANNE.secret)
    assert right == seen(browser_at(ANNE.host), alpha, hashes, identifier=NOBODY_HAS_IT)
    assert right.hashes == 1


def test_the_right_secret_costs_one_hash_too(alpha: Caisse, browser_at: BrowserAt, hashes: list[str]) -> None:
    answer = seen(browser_at(ANNE.host), alpha, hashes, identifier=ANNE.identifier, secret=ANNE.secret)
    assert (answer.status, answer.hashes, answer.messages) == (302, 1, 1)


@pytest.mark.parametrize("secret", ["x" * 257, "a\x00b", " "])
def test_a_secret_of_a_wrong_form_says_nothing_of_the_identifier(
    alpha: Caisse, browser_at: BrowserAt, hashes: list[str], secret: str
) -> None:
    known = seen(browser_at(ANNE.host), alpha, hashes, identifier=ANNE.identifier, secret=secret)
    assert known == seen(browser_at(ANNE.host), alpha, hashes, identifier=NOBODY_HAS_IT, secret=secret)


def test_an_identifier_of_a_wrong_form_costs_nothing_and_counts_nowhere(
    alpha: Caisse, browser: Browser, hashes: list[str]
) -> None:
    answer = seen(browser, alpha, hashes, identifier="123")
    assert (answer.status, answer.hashes, answer.messages) == (200, 0, 0)
    assert events(alpha) == []


def test_staff_do_not_exist_on_the_clients_form(
    alpha: Caisse, browser_at: BrowserAt, hashes: list[str]
) -> None:
    """Not even where clients sign in with an e-mail address, as staff do."""
    publish(alpha, {"identifier": {"kind": "email"}}, instead_of="identifier")
    staff = user_of(alpha, kind=User.Kind.STAFF)
    assert staff.check_password("Agent-au-guichet-3!")
    theirs = "agent@alpha.example.org"
    right = seen(browser_at(ANNE.host), alpha, hashes, identifier=theirs, secret="Agent-au-guichet-3!")
    assert right == seen(browser_at(ANNE.host), alpha, hashes, identifier="agexx@alpha.example.org")


def test_the_words_of_a_refusal_do_not_say_which_part_was_wrong(alpha: Caisse, browser: Browser) -> None:
    answer = enter_secret(browser, secret=WRONG)
    assert "Identifiant ou mot de passe incorrect." in answer.content.decode()
    assert browser.get(SIGN_IN).status_code == 200
