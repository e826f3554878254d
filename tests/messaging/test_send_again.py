"""A message that was given up goes back to the outbox with all its tries before it."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenant_apps.journal.models import Event
from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.selectors import troubled_messages_about, undelivered_page
from tenant_apps.messaging.send_again import NoSuchMessageError, send_again
from tenants.models import Caisse
from tests.messaging.conftest import SOMEONE, Queue
from tests.messaging.post import Post
from tests.world import NOON

CLERK = UUID("00000000-0000-4000-8000-0000000000aa")
State = Message.State


def given_up(message: Message) -> Message:
    Message.objects.filter(pk=message.pk).update(state=State.FAILED, attempts=5, last_error="OSError")
    message.refresh_from_db()
    return message


def test_it_is_sent_by_the_next_delivery(in_alpha: Caisse, post: type[Post], notice: Queue) -> None:
    message = given_up(notice())
    assert deliver_message(uuid=message.uuid, now=NOON) == State.FAILED
    assert send_again(uuid=message.uuid, by=CLERK, now=NOON)
    assert deliver_message(uuid=message.uuid, now=NOON) == State.SENT
    [envelope] = post.sent
    assert envelope.uuid == message.uuid
    assert not send_again(uuid=message.uuid, by=CLERK, now=NOON)
    assert Event.objects.filter(kind="message.sent_again").count() == 1


def test_a_message_that_fails_again_has_its_tries_anew(
    in_alpha: Caisse, post: type[Post], notice: Queue
) -> None:
    message = given_up(notice())
    send_again(uuid=message.uuid, by=CLERK, now=NOON)
    post.fails_with.append(OSError())
    assert deliver_message(uuid=message.uuid, now=NOON) == State.QUEUED
    message.refresh_from_db()
    assert message.attempts == 1


def test_a_secret_that_was_given_up_has_no_words_left_to_send(
    in_alpha: Caisse, post: type[Post], code: Queue
) -> None:
    message = given_up(code())
    assert not send_again(uuid=message.uuid, by=CLERK, now=NOON)
    message.refresh_from_db()
    assert message.state == State.FAILED


def test_a_message_that_nobody_has_is_told(in_alpha: Caisse) -> None:
    with pytest.raises(NoSuchMessageError):
        send_again(uuid=uuid4(), by=CLERK, now=NOON)


def test_what_is_listed_reads_no_words(in_alpha: Caisse, notice: Queue) -> None:
    given_up(notice())
    for listed in (
        troubled_messages_about(about=SOMEONE, limit=5),
        undelivered_page(settled=False, number="1", size=5),
    ):
        assert [each.get_deferred_fields() >= {"sealed"} for each in listed] == [True]


def test_the_lists_are_read_in_their_indexes(in_alpha: Caisse, notice: Queue) -> None:
    given_up(notice())
    with CaptureQueriesContext(connection) as queries:
        list(undelivered_page(settled=False, number="1", size=5))
        troubled_messages_about(about=SOMEONE, limit=5)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = []
        for query in queries:
            if query["sql"].startswith("SELECT"):
                cursor.execute(f"EXPLAIN {query['sql']}")
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
    counted, listed, about = plans
    # Of so few rows the database may take the one that has the settled ones too.
    for plan in (counted, listed):
        assert "message_to_settle" in plan or "message_lost" in plan
    assert "message_about" in about
