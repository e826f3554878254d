import logging
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import override_settings
from django_tenants.utils import tenant_context

from tenant_apps.demo.models import MailboxMessage
from tenant_apps.messaging.deliver_message import deliver_message, waiting_messages
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.tasks import sweep
from tenant_apps.messaging.transports import TransportError
from tenants.models import Caisse
from tenants.policy.current import NoPolicyError
from tests.messaging.conftest import LIFETIME, Queue
from tests.messaging.post import Post
from tests.world import NOON

SECOND = timedelta(seconds=1)
State = Message.State
DOWN = TransportError("the provider does not answer")


def now_is(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_a_message_is_sent_once_however_often_it_is_delivered(
    in_alpha: Caisse, post: type[Post], code: Queue
) -> None:
    message = code("246810")
    for _ in range(3):
        assert deliver_message(uuid=message.uuid, now=NOON) == State.SENT
    [envelope] = post.sent
    assert envelope.to == "+33639980001"
    assert "Caisse Alpha" in envelope.text
    assert "246810" in envelope.text
    assert (now_is(message).attempts, message.sent_at) == (1, NOON)


def test_a_message_is_not_sent_before_its_time(in_alpha: Caisse, post: type[Post], notice: Queue) -> None:
    message = notice(now=NOON)
    assert deliver_message(uuid=message.uuid, now=NOON - SECOND) == State.QUEUED
    assert post.sent == []


def test_a_message_that_does_not_exist_is_nobody_s(in_alpha: Caisse, post: type[Post]) -> None:
    assert deliver_message(uuid=uuid4(), now=NOON) is None


def test_a_message_of_one_caisse_is_not_delivered_by_the_other(
    alpha: Caisse, beta: Caisse, post: type[Post], code: Queue
) -> None:
    with tenant_context(alpha):
        message = code()
    with tenant_context(beta):
        assert deliver_message(uuid=message.uuid, now=NOON) is None
        assert waiting_messages(now=NOON, limit=9) == []
    assert post.sent == []


def test_a_row_copied_to_the_other_caisse_is_never_sent(
    alpha: Caisse, beta: Caisse, post: type[Post], code: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    with tenant_context(alpha):
        message = code()
    with tenant_context(beta):
        message.pk = None
        message.save(force_insert=True)
        assert deliver_message(uuid=message.uuid, now=NOON) == State.FAILED
        assert bytes(now_is(message).sealed) == b""
    assert post.sent == []
    assert str(message.uuid) in caplog.text


@pytest.mark.parametrize("after", [LIFETIME, LIFETIME + SECOND, timedelta(days=9)])
def test_a_code_that_has_lapsed_is_never_sent(
    after: timedelta, in_alpha: Caisse, post: type[Post], code: Queue
) -> None:
    message = code()
    assert deliver_message(uuid=message.uuid, now=NOON + after) == State.EXPIRED
    assert post.sent == []
    assert bytes(now_is(message).sealed) == b""


def test_a_code_is_sent_until_the_moment_it_lapses(in_alpha: Caisse, post: type[Post], code: Queue) -> None:
    assert deliver_message(uuid=code().uuid, now=NOON + LIFETIME - SECOND) == State.SENT


def test_a_code_that_lapses_between_two_tries_is_given_up(
    in_alpha: Caisse, post: type[Post], code: Queue
) -> None:
    message = code()
    post.fails_with.append(DOWN)
    assert deliver_message(uuid=message.uuid, now=NOON) == State.QUEUED
    assert deliver_message(uuid=message.uuid, now=NOON + LIFETIME) == State.EXPIRED
    assert post.sent == []


def test_the_words_of_a_secret_are_erased_once_sent(
    in_alpha: Caisse, post: type[Post], code: Queue, notice: Queue
) -> None:
    secret, ordinary = code(), notice()
    for message in (secret, ordinary):
        assert len(message.sealed) > 50
        deliver_message(uuid=message.uuid, now=NOON)
    assert bytes(now_is(secret).sealed) == b""
    assert len(now_is(ordinary).sealed) > 50


def test_no_word_of_a_message_stands_in_clear_in_its_row(in_alpha: Caisse, code: Queue) -> None:
    message = code("135791")
    row = Message.objects.filter(pk=message.pk).values_list().get()
    text = " ".join(
        bytes(each).decode("latin-1") if isinstance(each, memoryview) else str(each) for each in row
    )
    for word in ("135791", "639980001", "votre code"):
        assert word not in text


def test_a_try_that_fails_is_made_again_after_each_delay_and_then_given_up(
    in_alpha: Caisse, post: type[Post], notice: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    message = notice()
    at = NOON
    for position, delay in enumerate(settings.MESSAGE_RETRIES, start=1):
        post.fails_with.append(DOWN)
        assert deliver_message(uuid=message.uuid, now=at) == State.QUEUED
        assert (now_is(message).attempts, message.due_at) == (position, at + delay)
        assert message.last_error == str(DOWN)
        assert deliver_message(uuid=message.uuid, now=at + delay - SECOND) == State.QUEUED
        assert now_is(message).attempts == position
        at += delay
    assert not caplog.records
    post.fails_with.append(DOWN)
    assert deliver_message(uuid=message.uuid, now=at) == State.FAILED
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert deliver_message(uuid=message.uuid, now=at + timedelta(days=1)) == State.FAILED
    assert post.sent == []


def test_a_secret_that_is_given_up_is_erased(in_alpha: Caisse, post: type[Post], code: Queue) -> None:
    message = code(lifetime=timedelta(days=1))
    at: datetime = NOON
    for delay in [*settings.MESSAGE_RETRIES, timedelta()]:
        post.fails_with.append(DOWN)
        deliver_message(uuid=message.uuid, now=at)
        at += delay
    assert now_is(message).state == State.FAILED
    assert bytes(message.sealed) == b""


def test_a_message_leaves_at_the_next_try_once_the_provider_answers(
    in_alpha: Caisse, post: type[Post], notice: Queue
) -> None:
    message = notice()
    post.fails_with.append(DOWN)
    deliver_message(uuid=message.uuid, now=NOON)
    assert deliver_message(uuid=message.uuid, now=NOON + settings.MESSAGE_RETRIES[0]) == State.SENT
    assert now_is(message).attempts == 2


@pytest.mark.parametrize("surprise", [ValueError("a header of Mme Alpha"), KeyError("x"), RuntimeError()])
def test_whatever_a_provider_raises_counts_as_a_try(
    surprise: Exception, in_alpha: Caisse, post: type[Post], notice: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    message = notice()
    post.fails_with.append(surprise)
    assert deliver_message(uuid=message.uuid, now=NOON) == State.QUEUED
    assert (now_is(message).attempts, message.due_at) == (1, NOON + settings.MESSAGE_RETRIES[0])
    assert type(surprise).__name__ in message.last_error
    assert type(surprise).__name__ in caplog.text
    assert "Mme Alpha" not in caplog.text + message.last_error


def test_a_provider_that_breaks_a_statement_does_not_break_the_outbox(
    in_alpha: Caisse, notice: Queue
) -> None:
    with override_settings(MESSAGE_TRANSPORTS={"mail": "tenant_apps.demo.transport.Mailbox"}):
        message = notice(context={"name": "x", "at": NOON, "browser": "x"}, to="x" * 300)
        assert deliver_message(uuid=message.uuid, now=NOON) == State.QUEUED
        assert now_is(message).attempts == 1
        sound = notice()
        assert deliver_message(uuid=sound.uuid, now=NOON) == State.SENT
    assert MailboxMessage.objects.count() == 1


def test_a_channel_without_a_provider_keeps_the_message_and_says_why(in_alpha: Caisse, code: Queue) -> None:
    with override_settings(MESSAGE_TRANSPORTS={"sms": "tests.messaging.post.NoTransport"}):
        message = code()
        assert deliver_message(uuid=message.uuid, now=NOON) == State.QUEUED
    assert now_is(message).last_error == "no provider is configured for sms"


def test_the_sweep_sends_what_no_job_sent(in_alpha: Caisse, post: type[Post], notice: Queue) -> None:
    late, retried, future = notice(), notice(), notice()
    Message.objects.filter(pk=future.pk).update(due_at=NOON + timedelta(days=36500))
    Message.objects.filter(pk=retried.pk).update(attempts=1, due_at=NOON + SECOND)

    sweep(tenant="alpha")

    assert [each.uuid for each in post.sent] == [late.uuid, retried.uuid]
    assert now_is(future).state == State.QUEUED


def test_the_sweep_goes_on_after_a_message_that_cannot_be_sent(
    in_alpha: Caisse, post: type[Post], notice: Queue
) -> None:
    broken, surprising, sound = notice(), notice(), notice()
    Message.objects.filter(pk=broken.pk).update(sealed=b"\x01" + bytes(60))
    post.fails_with.append(ZeroDivisionError())

    sweep(tenant="alpha")

    assert [each.uuid for each in post.sent] == [sound.uuid]
    assert now_is(broken).state == State.FAILED
    assert (now_is(surprising).state, surprising.attempts) == (State.QUEUED, 1)


def test_what_waits_is_listed_oldest_first_and_no_more_than_asked(in_alpha: Caisse, notice: Queue) -> None:
    messages = [notice(now=NOON + position * SECOND) for position in (2, 0, 1)]
    assert waiting_messages(now=NOON + 9 * SECOND, limit=2) == [messages[1].uuid, messages[2].uuid]
    assert waiting_messages(now=NOON, limit=9) == [messages[1].uuid]


def test_no_message_is_queued_while_no_caisse_is_set(db: None, code: Queue) -> None:
    with pytest.raises(NoPolicyError):
        code()
