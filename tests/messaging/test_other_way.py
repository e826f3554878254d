"""A notice that did not get there takes the other way, once, where the policy wants it; a code never does."""

import json

import pytest
from django.conf import settings

from guichet.tenancy.signing import keyring
from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.note_return import note_return
from tenant_apps.messaging.queue_message import SecretByAnotherWayError
from tenant_apps.messaging.references import Reference
from tenant_apps.messaging.rendering import PURPOSE
from tenant_apps.messaging.selectors import troubled_messages_about
from tenant_apps.messaging.send_again import send_again
from tenant_apps.messaging.transports import RefusedError, TransportError
from tenants.models import Caisse
from tests.messaging.conftest import SOMEONE, Queue, republish
from tests.messaging.post import Post
from tests.world import NOON

PHONE = "+33639980001"
State = Message.State


@pytest.fixture
def unlocked(in_alpha: Caisse, notice: Queue) -> Message:
    return notice(kind="account_unlocked", context={"name": "Mme Alpha", "at": NOON}, otherwise=PHONE)


def others(message: Message) -> list[Message]:
    return list(Message.objects.filter(instead_of=message.uuid))


def words(message: Message) -> dict[str, str]:
    found: dict[str, str] = json.loads(keyring().open(message.sealed, purpose=PURPOSE))
    return found


def test_a_mail_that_is_refused_is_said_by_sms(post: type[Post], unlocked: Message) -> None:
    post.fails_with.append(RefusedError(Why.UNKNOWN))
    assert deliver_message(uuid=unlocked.uuid, now=NOON) == State.FAILED
    [other] = others(unlocked)
    assert (other.channel, other.state, other.about) == ("sms", State.QUEUED, SOMEONE)
    assert words(other)["to"] == PHONE
    assert "votre agence a rouvert votre accès" in words(other)["text"]
    assert deliver_message(uuid=other.uuid, now=NOON) == State.SENT
    assert [each.channel for each in post.sent] == ["sms"]
    [shown] = troubled_messages_about(about=SOMEONE, limit=9)
    assert shown.other_way is True  # type: ignore[attr-defined]  # the selector's annotation


def test_a_mail_that_comes_back_is_said_by_sms_once(post: type[Post], unlocked: Message) -> None:
    deliver_message(uuid=unlocked.uuid, now=NOON)
    note_return(reference=Reference(unlocked.uuid), why=Why.FULL, now=NOON)
    assert len(others(unlocked)) == 1
    # Staff send it again, and it comes back again: the client has been told.
    send_again(uuid=unlocked.uuid, by=SOMEONE, now=NOON)
    deliver_message(uuid=unlocked.uuid, now=NOON)
    note_return(reference=Reference(unlocked.uuid, 1), why=Why.FULL, now=NOON)
    assert len(others(unlocked)) == 1


def test_a_provider_that_stays_down_is_waited_for_first(post: type[Post], unlocked: Message) -> None:
    at = NOON
    for delay in settings.MESSAGE_RETRIES:
        post.fails_with.append(TransportError("down"))
        deliver_message(uuid=unlocked.uuid, now=at)
        assert others(unlocked) == []
        at += delay
    post.fails_with.append(TransportError("down"))
    assert deliver_message(uuid=unlocked.uuid, now=at) == State.FAILED
    assert len(others(unlocked)) == 1


def test_the_other_way_has_no_other_way(post: type[Post], unlocked: Message) -> None:
    for _ in range(2):
        post.fails_with.append(RefusedError(Why.UNKNOWN))
    deliver_message(uuid=unlocked.uuid, now=NOON)
    [other] = others(unlocked)
    deliver_message(uuid=other.uuid, now=NOON)
    assert others(other) == []


def test_what_has_no_other_address_or_a_policy_without_it_stays_where_it_failed(
    in_alpha: Caisse, post: type[Post], notice: Queue
) -> None:
    republish(in_alpha, {"senders": {"fallbacks": ["new_sign_in"]}})
    words_of = {"kind": "account_unlocked", "context": {"name": "x", "at": NOON}}
    for message in (notice(**words_of, otherwise=PHONE), notice(otherwise="")):
        post.fails_with.append(RefusedError(Why.UNKNOWN))
        deliver_message(uuid=message.uuid, now=NOON)
        assert others(message) == []
    chosen = notice(otherwise=PHONE)
    post.fails_with.append(RefusedError(Why.UNKNOWN))
    deliver_message(uuid=chosen.uuid, now=NOON)
    assert len(others(chosen)) == 1


def test_a_code_has_no_other_way(in_alpha: Caisse, post: type[Post], code: Queue) -> None:
    with pytest.raises(SecretByAnotherWayError):
        code(otherwise="client@alpha.example.org")
    message = code()
    post.fails_with.append(RefusedError(Why.UNKNOWN))
    assert deliver_message(uuid=message.uuid, now=NOON) == State.FAILED
    assert Message.objects.count() == 1
