"""A NIR is masked on every screen: a walk of a member, and of whoever serves them, that reads all that comes back."""

import html
import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.tenancy.signing import keyring
from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import PURPOSE
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import ACTS, DESK, act_of, file_of
from tests.identity.forgetting import CHOOSE as CHOOSE_AGAIN
from tests.identity.forgetting import CODE, MUTUAL, NEW_PIN, RECOVER, Worker, codes
from tests.identity.keypads import PIN, drawn, pressed
from tests.identity.steps import SIGN_IN, SIGN_OUT, publish, put_in, said, user_of
from tests.identity.waiting import CHOOSE, LETTER, NIR, NIR_KEPT, letter_codes, newcomer, send
from tests.world import ANNE

NOBODYS_NIR = "253072B073004"
# Spaces as `said` has them.
MASKED = "••• 111"
_BETWEEN = re.compile(r"<[^>]*>|[^0-9A-Za-z]")
_MARKS = re.compile(r"[\s\u00a0\u202f.\-]")


def holds(text: str, nir: str) -> bool:
    """In one piece, in groups, or with tags between them."""
    plain = html.unescape(text)
    return nir in _BETWEEN.sub("", plain) or nir in _MARKS.sub("", plain)


def everything(answer: Any) -> str:
    """Its page, its headers, the address that it leads to."""
    headers = (f"{name}: {value}" for name, value in answer.headers.items())
    return " ".join([answer.content.decode(), *headers, answer.cookies.output()])


class Reader:
    """Keeps all that the browsers of a test were answered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told: list[tuple[str, str]] = []
        real: Callable[..., Any] = Browser.request

        def request(browser: Browser, **asked: Any) -> Any:
            answer = real(browser, **asked)
            self.told.append((asked["PATH_INFO"], everything(answer)))
            return answer

        monkeypatch.setattr(Browser, "request", request)

    def where(self, nir: str) -> list[str]:
        return [path for path, text in self.told if holds(text, nir)]


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    return Reader(monkeypatch)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    return Worker(monkeypatch)


@pytest.fixture
def mutual(alpha: Caisse, clock: Clock) -> Caisse:
    publish(alpha, MUTUAL, instead_of="identifier")
    return alpha


def browser_at() -> Browser:
    """One that has never been there."""
    return Browser(HTTP_HOST=ANNE.host)


def first_connection(caisse: Caisse, browser: Browser) -> None:
    browser.get(LETTER)
    for code in ("00000000", ""):
        browser.post(LETTER, {"identifier": NIR, "code": code})
    browser.post(LETTER, {"identifier": NIR, "code": letter_codes(caisse)[0]})
    page = browser.get(CHOOSE)
    assert MASKED in said(page)
    browser.post(CHOOSE, {"pin": "123456", "again": "123456"})
    first, second = drawn(page, "pin"), drawn(page, "again")
    browser.post(CHOOSE, {**pressed(first, PIN, prefix="pin-"), **pressed(second, PIN, prefix="again-")})
    for path in ("/", "/securite/"):
        browser.get(path)
    browser.post(SIGN_OUT)


def failures(browser: Browser) -> None:
    for typed in (NIR, NIR_KEPT, f"{NIR_KEPT[:-1]} ", f"{NIR_KEPT}00", f"{NIR_KEPT} x", NOBODYS_NIR):
        for secret in ("", "000000"):
            browser.post(SIGN_IN, {"identifier": typed, "secret": secret})


def recovery(caisse: Caisse, browser: Browser, worker: Worker) -> None:
    for typed in (f"{NIR_KEPT}00", NIR):
        browser.post(RECOVER, {"identifier": typed})
    worker.run()
    browser.post(CODE, {"code": "000000"})
    browser.post(CODE, {"code": codes(caisse)[0]})
    assert MASKED in said(browser.get(CHOOSE_AGAIN))
    browser.post(CHOOSE_AGAIN, {"pin": NEW_PIN, "again": NEW_PIN})


def counter(desk: Browser, client: Client) -> None:
    for typed in (NIR, f"{NIR_KEPT}00", NIR + "1"):
        answer = desk.post(DESK, {"words": typed})
        if answer.status_code == 302:
            desk.get(answer.headers["Location"])
    assert MASKED in said(desk.get(file_of(client)))
    for act in ACTS:
        desk.get(act_of(client, act))
    for path in ("journal/", "messages/", "courriers/"):
        assert desk.get(f"{DESK}{path}").status_code == 200


def outbox(caisse: Caisse) -> list[str]:
    with tenant_context(caisse):
        return [
            json.dumps(json.loads(keyring().open(each.sealed, purpose=PURPOSE)), ensure_ascii=False)
            for each in Message.objects.all()
            if each.sealed
        ]


@pytest.fixture
def member(mutual: Caisse) -> User:
    """Who waits for a first connection, and was just sent a letter."""
    user = newcomer(mutual, identifier=NIR_KEPT)
    send(mutual, user)
    return user


def test_no_page_header_address_message_or_log_has_a_whole_nir(
    mutual: Caisse,
    member: User,
    reader: Reader,
    worker: Worker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert member.client is not None
    with caplog.at_level(logging.DEBUG):
        first_connection(mutual, browser_at())
        failures(browser_at())
        recovery(mutual, browser_at(), worker)
        desk = put_in(browser_at(), mutual, user_of(mutual, kind=User.Kind.STAFF))
        counter(desk, member.client)
    assert (reader.where(NIR_KEPT), reader.where(NOBODYS_NIR)) == ([], [])
    assert len(reader.told) > 30
    with tenant_context(mutual):
        journalled = [f"{each.kind} {each.subject} {each.details}" for each in Event.objects.all()]
    assert {"recovery.done", "sign_in.done"} <= {each.split()[0] for each in journalled}
    assert len(outbox(mutual)) > 2
    assert [each for each in [*journalled, *outbox(mutual), caplog.text] if holds(each, NIR_KEPT)] == []


@pytest.mark.parametrize("typed", [NIR, NOBODYS_NIR, "295"])
def test_a_nir_that_came_to_nothing_is_typed_again_whosever_it_is(
    mutual: Caisse, browser: Browser, typed: str
) -> None:
    newcomer(mutual, identifier=NIR_KEPT)
    page = said(browser.post(SIGN_IN, {"identifier": typed, "secret": "000000"}))
    (field,) = re.findall(r'<input[^>]*name="identifier"[^>]*>', page)
    assert "value=" not in field
    assert "il n’est pas réaffiché" in page
    assert "réaffiché" not in said(browser.get(SIGN_IN))


def test_another_identifier_stays_where_it_was_typed(alpha: Caisse, browser: Browser) -> None:
    page = said(browser.post(SIGN_IN, {"identifier": ANNE.identifier, "secret": "pas-le-bon"}))
    (field,) = re.findall(r'<input[^>]*name="identifier"[^>]*>', page)
    assert f'value="{ANNE.identifier}"' in field
