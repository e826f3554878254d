"""SMS cost: no more in a day than the caisse's policy says, whoever asks at once."""

import logging
from datetime import timedelta

import pytest
from django_tenants.utils import tenant_context

from tenant_apps.messaging.claim_message import OVER_LIMIT, OVER_SHARE
from tenant_apps.messaging.count_sms import count_sms, sms_are_spent
from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.models import Message, SmsDay
from tenant_apps.messaging.selectors import sms_kept_back
from tenant_apps.messaging.transports import TransportError
from tenants.models import Caisse
from tests.messaging.conftest import Queue, republish
from tests.messaging.post import Post
from tests.world import NOON

State = Message.State


def limit(caisse: Caisse, most: int) -> None:
    republish(caisse, {"senders": {"sms_per_day": most}})


def test_what_is_over_the_limit_is_kept_back_and_told_once(
    in_alpha: Caisse, post: type[Post], code: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    limit(in_alpha, 2)
    messages = [code() for _ in range(4)]
    assert [deliver_message(uuid=each.uuid, now=NOON) for each in messages] == [
        State.SENT,
        State.SENT,
        State.FAILED,
        State.FAILED,
    ]
    assert len(post.sent) == 2
    messages[2].refresh_from_db()
    assert (messages[2].last_error, bytes(messages[2].sealed)) == (OVER_LIMIT, b"")
    day = SmsDay.objects.get()
    assert (day.sent, day.kept_back) == (2, 2)
    alarms = [each for each in caplog.records if "its policy allows" in each.getMessage()]
    assert [each.levelno for each in alarms] == [logging.ERROR]


def test_the_next_day_begins_at_midnight_in_paris(in_alpha: Caisse, post: type[Post]) -> None:
    limit(in_alpha, 1)
    evening = NOON.replace(hour=21, minute=59)
    assert count_sms(now=evening)
    assert not count_sms(now=evening)
    assert sms_are_spent(now=evening)
    midnight = evening + timedelta(minutes=1)
    assert not sms_are_spent(now=midnight)
    assert count_sms(now=midnight)


def test_a_try_that_failed_is_not_counted_again_and_a_mail_is_not_counted(
    in_alpha: Caisse, post: type[Post], code: Queue, notice: Queue
) -> None:
    message = code()
    post.fails_with.append(TransportError("down"))
    deliver_message(uuid=message.uuid, now=NOON)
    deliver_message(uuid=message.uuid, now=NOON + timedelta(seconds=10))
    deliver_message(uuid=notice().uuid, now=NOON)
    assert SmsDay.objects.get().sent == 1


def test_each_caisse_counts_its_own(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha):
        limit(alpha, 1)
        assert count_sms(now=NOON)
        assert not count_sms(now=NOON)
    with tenant_context(beta):
        assert count_sms(now=NOON)


def test_what_strangers_ask_for_leaves_their_codes_to_those_who_sign_in(
    in_alpha: Caisse, post: type[Post], code: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    republish(in_alpha, {"senders": {"sms_per_day": 12, "sms_asked_share": 25}})
    asked = [code(by_anybody=True) for _ in range(5)]
    left = [deliver_message(uuid=each.uuid, now=NOON) for each in asked]
    assert left == [State.SENT] * 3 + [State.FAILED] * 2
    asked[3].refresh_from_db()
    assert asked[3].last_error == OVER_SHARE
    assert not sms_are_spent(now=NOON)
    assert [deliver_message(uuid=code().uuid, now=NOON) for _ in range(10)] == [State.SENT] * 9 + [
        State.FAILED
    ]
    day = SmsDay.objects.get()
    assert (day.sent, day.asked, day.kept_back, day.asked_kept_back) == (12, 3, 1, 2)
    assert sms_kept_back(day=day.day) == 3
    # Half of the share, all of it, all of the day: each once.
    alarms = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert [each.split()[0:2] for each in alarms] == [["half", "of"], ["the", "3"], ["the", "caisse"]]
