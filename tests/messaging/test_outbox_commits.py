from functools import partial
from threading import Thread
from uuid import UUID

import pytest
from django.db import transaction
from django_tenants.utils import tenant_context

from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.note_return import note_return
from tenant_apps.messaging.references import Reference
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.concurrency.parallel import at_once
from tests.messaging.conftest import Queue
from tests.messaging.post import Post
from tests.tenancy.queue import jobs
from tests.world import ALPHA, NOON


class ChangedMindError(Exception):
    """What undoes the work of a test."""


@pytest.fixture
def caisse(committed: None) -> Caisse:
    return caisse_of_schema(schema=ALPHA)


def deliver(caisse: Caisse, uuid: UUID) -> Message.State | None:
    with tenant_context(caisse):
        return deliver_message(uuid=uuid, now=NOON)


def test_a_message_and_its_job_leave_together(caisse: Caisse, code: Queue) -> None:
    with tenant_context(caisse), transaction.atomic():
        message = code()
        assert jobs() == []
    [job] = jobs()
    assert (job.task, job.args) == ("messaging.deliver", {"tenant": "alpha", "message": str(message.uuid)})


def test_a_message_and_its_job_go_with_the_work_that_is_undone(caisse: Caisse, code: Queue) -> None:
    @transaction.atomic
    def undone() -> None:
        code()
        raise ChangedMindError

    with tenant_context(caisse):
        with pytest.raises(ChangedMindError):
            undone()
        assert not Message.objects.exists()
    assert jobs() == []


def test_a_message_without_its_job_does_not_leave_at_all(
    caisse: Caisse, code: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise ChangedMindError

    monkeypatch.setattr("tenant_apps.messaging.queue_message.enqueue", refuse)
    with tenant_context(caisse):
        with pytest.raises(ChangedMindError):
            code()
        assert not Message.objects.exists()


def test_two_deliveries_at_once_send_once_and_neither_waits_for_the_other(
    caisse: Caisse, post: type[Post], code: Queue
) -> None:
    with tenant_context(caisse):
        message = code()
    post.gate.clear()
    outcomes: list[object] = []
    slow = Thread(target=lambda: outcomes.extend(at_once([partial(deliver, caisse, message.uuid)])))
    slow.start()
    try:
        assert post.arrived.wait(timeout=20)
        # The provider has not answered yet.
        assert deliver(caisse, message.uuid) == Message.State.SENDING
    finally:
        post.gate.set()
        slow.join(timeout=30)
    assert outcomes == [Message.State.SENT]
    assert deliver(caisse, message.uuid) == Message.State.SENT
    assert len(post.sent) == 1


def test_a_slow_provider_holds_no_row_up(caisse: Caisse, post: type[Post], code: Queue) -> None:
    with tenant_context(caisse):
        message = code()
    post.gate.clear()
    outcomes: list[object] = []
    slow = Thread(target=lambda: outcomes.extend(at_once([partial(deliver, caisse, message.uuid)])))
    slow.start()
    try:
        assert post.arrived.wait(timeout=20)
        with tenant_context(caisse):
            # It would wait for ever, were the row locked: the provider answers only after it.
            assert note_return(reference=Reference(message.uuid), why=Why.UNKNOWN, now=NOON)
    finally:
        post.gate.set()
        slow.join(timeout=30)
    assert outcomes == [Message.State.BOUNCED]


def test_many_deliveries_at_once_send_once(caisse: Caisse, post: type[Post], code: Queue) -> None:
    with tenant_context(caisse):
        message = code()
    outcomes = at_once([partial(deliver, caisse, message.uuid)] * 10)
    assert set(outcomes) <= {Message.State.SENT, Message.State.SENDING, None}
    assert len(post.sent) == 1
    with tenant_context(caisse):
        assert Message.objects.get().attempts == 1
