"""What an SMS provider says later: signed, once, about a message of this very caisse."""

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.domain.providers import TWILIO, Providers, SmsGateway
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.domain.twilio import signature
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.unsigned import EVERY, unsigned
from tenants.models import Caisse
from tenants.policy.secrets import set_secret
from tests.clock import Clock
from tests.messaging.conftest import Queue
from tests.messaging.post import Post
from tests.routes.visitors import suspended
from tests.world import NOON

ADDRESS, TOKEN, KEY = "/retours/sms/", "jeton-tres-secret-42", "cle-des-retours-7"
OWN = "http://alpha.localhost:8000"
LIST = {
    "address": "https://sms.example.org/v1",
    "body": {"to": "{to}", "text": "{text}"},
    "returns": {"arrived": ["DELIVERED"], "unknown": ["ABSENT"], "unreachable": ["EXPIRED"]},
}
Sent = Callable[[], Message]


@pytest.fixture(params=["hmac"])
def gateway(alpha: Caisse, beta: Caisse, request: pytest.FixtureRequest, settings: Any) -> str:
    """On the list; alpha has its secrets, beta others."""
    entry = TWILIO if request.param == "twilio" else LIST
    settings.PROVIDERS = Providers(sms={"default": SmsGateway.model_validate(entry, strict=False)})
    for caisse, more in ((alpha, ""), (beta, "-de-beta")):
        with tenant_context(caisse):
            set_secret(name="sms.token", value=TOKEN + more, by="tests", at=NOON)
            set_secret(name="sms.webhook", value=KEY + more, by="tests", at=NOON)
    return str(request.param)


@pytest.fixture
def sent(alpha: Caisse, post: type[Post], code: Queue) -> Message:
    with tenant_context(alpha):
        message = code()
        deliver_message(uuid=message.uuid, now=NOON)
    return message


def state(caisse: Caisse, message: Message) -> tuple[str, str]:
    with tenant_context(caisse):
        message.refresh_from_db()
    return message.state, message.last_error


def browser(host: str = "alpha.localhost") -> Browser:
    return Browser(HTTP_HOST=host, SERVER_NAME=host, enforce_csrf_checks=True)


def say(body: bytes, *, key: str = KEY, host: str = "alpha.localhost") -> int:
    right = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    answer = browser(host).post(
        ADDRESS, body, content_type="application/json", headers={"X-Signature": right}
    )
    return answer.status_code


def json_of(reference: object, status: str) -> bytes:
    return json.dumps({"reference": str(reference), "status": status}).encode()


def twilio_says(reference: object, *, token: str = TOKEN, own: str = OWN, **fields: str) -> int:
    url = f"{ADDRESS}?{urlencode({'message': str(reference)})}"
    right = signature(
        token=token, address=own + url, fields={name: [value] for name, value in fields.items()}
    )
    return browser().post(url, fields, headers={"X-Twilio-Signature": right}).status_code


def test_a_message_that_did_not_arrive_comes_back_once(alpha: Caisse, gateway: str, sent: Message) -> None:
    body = json_of(sent.uuid, "ABSENT")
    assert [say(body), say(body)] == [204, 204]
    assert state(alpha, sent) == (Message.State.BOUNCED, Why.UNKNOWN)


@pytest.mark.parametrize("status", ["DELIVERED", "BUFFERED", "toString"])
def test_a_message_that_is_on_its_way_stays_sent(
    alpha: Caisse, gateway: str, sent: Message, status: str
) -> None:
    assert say(json_of(sent.uuid, status)) == 204
    assert state(alpha, sent) == (Message.State.SENT, "")


def test_without_the_right_signature_nothing_is_said_of_any_message(
    alpha: Caisse, gateway: str, sent: Message
) -> None:
    for reference in (sent.uuid, uuid4()):
        body = json_of(reference, "ABSENT")
        assert say(body, key="autre") == 403
        assert say(body, key=KEY + "-de-beta") == 403
        assert browser().post(ADDRESS, body, content_type="application/json").status_code == 403
    assert state(alpha, sent) == (Message.State.SENT, "")


def test_one_caisse_takes_no_word_about_the_other(alpha: Caisse, gateway: str, sent: Message) -> None:
    body = json_of(sent.uuid, "ABSENT")
    assert say(body, host="beta.localhost") == 403
    assert say(body, key=KEY + "-de-beta", host="beta.localhost") == 404
    assert state(alpha, sent) == (Message.State.SENT, "")


def test_signed_and_unknown_is_told_apart_from_signed_and_unreadable(gateway: str) -> None:
    assert say(json_of(uuid4(), "ABSENT")) == 404
    for body in (
        b"",
        b"[]",
        b"{}",
        b"\xff",
        json_of("x", "ABSENT"),
        b'{"reference": null, "status": "ABSENT"}',
    ):
        assert say(body) == 400


def test_a_suspended_caisse_still_learns_what_became_of_its_messages(
    alpha: Caisse, gateway: str, sent: Message
) -> None:
    with suspended("caisse"):
        assert say(json_of(sent.uuid, "EXPIRED")) == 204
        assert browser().get("/").status_code == 503
    assert state(alpha, sent) == (Message.State.BOUNCED, Why.UNREACHABLE)


def test_a_caisse_whose_gateway_says_nothing_takes_no_word(
    alpha: Caisse, settings: Any, sent: Message
) -> None:
    silent = {**LIST, "returns": None}
    for providers in (
        Providers(),
        Providers(sms={"default": SmsGateway.model_validate(silent, strict=False)}),
    ):
        settings.PROVIDERS = providers
        assert say(json_of(sent.uuid, "ABSENT")) == 403
    # On the list, and the caisse has no key yet.
    settings.PROVIDERS = Providers(sms={"default": SmsGateway.model_validate(LIST, strict=False)})
    assert say(json_of(sent.uuid, "ABSENT"), key="") == 403


@pytest.mark.parametrize("gateway", ["twilio"], indirect=True)
def test_twilio_signs_the_address_and_each_field(alpha: Caisse, gateway: str, sent: Message) -> None:
    said = {"MessageStatus": "undelivered", "ErrorCode": "30005", "MessageSid": "SM1"}
    assert twilio_says(sent.uuid, token="autre", **said) == 403
    assert twilio_says(sent.uuid, own="http://evil.example.org", **said) == 403
    assert twilio_says(uuid4(), **said) == 404
    assert state(alpha, sent) == (Message.State.SENT, "")
    assert twilio_says(sent.uuid, **{**said, "MessageStatus": "sent"}) == 204
    assert state(alpha, sent) == (Message.State.SENT, "")
    assert twilio_says(sent.uuid, **said) == 204
    assert state(alpha, sent) == (Message.State.BOUNCED, Why.UNKNOWN)


def test_it_leaves_no_session_and_no_cookie(gateway: str, sent: Message) -> None:
    caller = browser()
    assert caller.post(ADDRESS, b"x", content_type="application/json").status_code == 403
    assert not caller.cookies


def test_calls_without_a_signature_are_counted_and_told_once_a_minute(
    gateway: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def flood(times: int) -> list[str]:
        caplog.clear()
        assert {say(b"x", key="autre") for _ in range(times)} == {403}
        return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]

    unsigned.forget()
    [first] = flood(5)
    assert "1 times" in first
    clock.move(seconds=(EVERY - timedelta(seconds=1)).total_seconds())
    assert flood(3) == []
    clock.move(seconds=1)
    [later] = flood(2)
    assert "8 times" in later
    unsigned.forget()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"x" * (3 * 1024 * 1024), "RequestDataTooBig"),
        (b"a=&" * 2000, "TooManyFieldsSent"),
    ],
)
def test_a_body_that_is_too_large_is_told_as_a_warning_without_its_traceback(
    gateway: str, caplog: pytest.LogCaptureFixture, body: bytes, kind: str
) -> None:
    caplog.set_level(logging.INFO)
    form = "application/x-www-form-urlencoded"
    assert browser().post(ADDRESS, body, content_type=form).status_code == 400
    [told] = [each for each in caplog.records if each.name.startswith("django.security")]
    assert told.name == f"django.security.{kind}"
    assert (told.levelno, told.levelname, told.exc_info) == (logging.WARNING, "WARNING", None)
    assert [each for each in caplog.records if each.levelno > logging.WARNING] == []
