"""A worker that ends between the provider's yes and its own commit: nothing is lost, nothing is sent twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.conf import settings

from tenant_apps.messaging import deliver_message as delivery
from tenant_apps.messaging.claim_message import LEASE
from tenant_apps.messaging.deliver_message import deliver_message, waiting_messages
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.note_return import INTERRUPTED
from tenants.models import Caisse
from tests.messaging.conftest import Queue
from tests.messaging.post import Post
from tests.world import NOON

State = Message.State


class KilledError(BaseException):
    """What no handler of the outbox takes for a failure of the provider."""


@contextmanager
def killed_before_it_writes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def killed(*_: object, **__: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_settle", killed)
        try:
            yield
        except KilledError:
            return
    pytest.fail("the worker lived on")


def deliver(message: Message, now: datetime) -> tuple[str | None, int]:
    """Its state, and how often it was tried."""
    state = deliver_message(uuid=message.uuid, now=now)
    message.refresh_from_db()
    return state, message.attempts


def test_where_the_provider_may_send_twice_it_is_given_up_and_staff_see_it(
    in_alpha: Caisse, post: type[Post], notice: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = notice()
    with killed_before_it_writes(monkeypatch):
        deliver_message(uuid=message.uuid, now=NOON)
    assert len(post.sent) == 1
    assert deliver(message, NOON + LEASE / 2) == (State.SENDING, 1)
    assert waiting_messages(now=NOON + LEASE / 2, limit=9) == []
    assert waiting_messages(now=NOON + LEASE, limit=9) == [message.uuid]
    assert deliver(message, NOON + LEASE) == (State.FAILED, 1)
    assert message.last_error == INTERRUPTED
    assert len(post.sent) == 1


def test_where_the_provider_knows_the_message_again_it_is_given_once_more_under_the_same_name(
    in_alpha: Caisse, post: type[Post], notice: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.repeats = True
    message = notice()
    with killed_before_it_writes(monkeypatch):
        deliver_message(uuid=message.uuid, now=NOON)
    assert deliver(message, NOON + LEASE) == (State.SENT, 2)
    assert {str(each.reference) for each in post.sent} == {str(message.uuid)}


def test_a_message_that_kills_its_workers_is_given_up(
    in_alpha: Caisse, post: type[Post], notice: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.repeats = True
    message, at = notice(), NOON
    for _ in range(len(settings.MESSAGE_RETRIES) + 1):
        with killed_before_it_writes(monkeypatch):
            deliver_message(uuid=message.uuid, now=at)
        at += LEASE
    assert deliver(message, at)[0] == State.FAILED
    assert message.last_error == INTERRUPTED


def test_a_code_that_lapsed_meanwhile_is_not_sent_again(
    in_alpha: Caisse, post: type[Post], code: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.repeats = True
    message = code(lifetime=LEASE)
    with killed_before_it_writes(monkeypatch):
        deliver_message(uuid=message.uuid, now=NOON)
    assert deliver(message, NOON + LEASE) == (State.EXPIRED, 1)


def test_an_answer_that_comes_after_another_worker_took_over_changes_nothing(
    in_alpha: Caisse, post: type[Post], notice: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.repeats = True
    message = notice()
    late: list[Message] = []

    def remember(taken: Message, **_: object) -> None:
        late.append(taken)

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_settle", remember)
        deliver_message(uuid=message.uuid, now=NOON)
    assert deliver(message, NOON + LEASE) == (State.SENT, 2)
    assert delivery._settle(late[0], now=NOON, final=State.FAILED, why="late") == State.SENT
    message.refresh_from_db()
    assert message.state == State.SENT
