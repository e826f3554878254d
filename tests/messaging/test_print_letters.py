"""Letters wait for the printer: a batch is opened as often as it takes, confirmed once, and then nothing is left."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django_tenants.utils import tenant_context

from tenant_apps.journal.models import Event
from tenant_apps.messaging import tasks
from tenant_apps.messaging.deliver_message import deliver_message, waiting_messages
from tenant_apps.messaging.letters_waiting import expire_letters, replace_letters
from tenant_apps.messaging.models import LetterBatch, Message
from tenant_apps.messaging.print_letters import (
    BatchClosedError,
    BatchNotOpenedError,
    NoSuchBatchError,
    confirm_batch,
    make_batch,
    open_batch,
)
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.messaging.selectors import (
    batches_confirmed,
    batches_to_confirm,
    count_late_messages,
    letter_days,
    undelivered_page,
)
from tenants.models import Caisse
from tests.clock import Clock
from tests.world import NOON

AGENT = UUID("00000000-0000-4000-8000-00000000000a")
LATER = NOON + timedelta(hours=1)
DAY = date(2026, 10, 21)

Write = Callable[..., Message]


@pytest.fixture
def write(in_alpha: Caisse) -> Write:
    """A letter with a code, as a first connection sends it."""

    def queue(name: str = "Mme Léa Girard", **more: Any) -> Message:
        words: dict[str, Any] = {
            "kind": "activation_letter",
            "channel": "letter",
            "to": name,
            "about": uuid4(),
            "language": "fr",
            "context": {
                "name": name,
                "recipient": [name, "8 rue du Puits", "30000 Nîmes"],
                "code": "1234 5678",
                "page": "http://alpha.localhost/premiere-connexion/",
                "until": NOON + timedelta(days=15),
                "pin_length": 6,
                "today": NOON,
            },
            "now": NOON,
            "secret": True,
            "lifetime": timedelta(days=15),
        }
        return queue_message(**{**words, **more})

    return queue


def made(day: date = DAY) -> LetterBatch:
    found = make_batch(day=day, by=AGENT, now=LATER)
    assert found is not None
    return found


def names(batch: LetterBatch) -> list[str]:
    return [letter.recipient[0] for letter in open_batch(uuid=batch.uuid, by=AGENT, now=LATER)[1]]


def states() -> list[str]:
    return list(Message.objects.order_by("id").values_list("state", flat=True))


def test_no_worker_takes_a_letter_away_and_none_is_called_late(write: Write) -> None:
    letter = write()
    assert waiting_messages(now=LATER, limit=10) == []
    assert deliver_message(uuid=letter.uuid, now=LATER) == Message.State.QUEUED
    assert count_late_messages(now=LATER) == 0


def test_a_batch_is_opened_until_it_is_confirmed_and_then_nothing_is_readable(write: Write) -> None:
    first = write()
    write("M. Paul Huit")
    batch = made()
    for _jam in range(2):
        assert names(batch) == ["Mme Léa Girard", "M. Paul Huit"]
    assert confirm_batch(uuid=batch.uuid, by=AGENT, now=LATER)
    assert states() == ["printed", "printed"]
    for row in Message.objects.values():
        assert bytes(row["sealed"]) == b""
        assert "Girard" not in str(row)
        assert row["sent_at"] == LATER
    with pytest.raises(BatchClosedError):
        open_batch(uuid=batch.uuid, by=AGENT, now=LATER)
    assert not confirm_batch(uuid=batch.uuid, by=AGENT, now=LATER)
    told = Event.objects.get(kind="message.printed", subject=str(first.about))
    assert told.details == {"by": str(AGENT)}
    assert Event.objects.filter(kind="letters.opened").count() == 2
    assert Event.objects.get(kind="letters.confirmed").details == {"by": str(AGENT), "letters": 2}
    assert [each.printed for each in batches_confirmed(limit=5)] == [2]


def test_whoever_opens_a_letter_leaves_a_trace_with_its_client_once_though_nobody_confirms(
    write: Write,
) -> None:
    letters = [write(), write("M. Paul Huit")]
    batch, colleague = made(), uuid4()
    for by in (AGENT, AGENT, colleague):
        open_batch(uuid=batch.uuid, by=by, now=LATER)
    for letter in letters:
        seen = Event.objects.filter(kind="message.letter_seen", subject=str(letter.about)).order_by("id")
        assert [each.details for each in seen] == [{"by": str(AGENT)}, {"by": str(colleague)}]


def test_a_letter_written_after_the_batch_was_made_is_neither_printed_nor_erased_with_it(
    write: Write,
) -> None:
    write()
    batch = made()
    write("M. Paul Huit")
    assert names(batch) == ["Mme Léa Girard"]
    confirm_batch(uuid=batch.uuid, by=AGENT, now=LATER)
    assert states() == ["printed", "queued"]
    assert names(made()) == ["M. Paul Huit"]


def test_what_nobody_opened_cannot_be_confirmed(write: Write) -> None:
    write()
    batch = made()
    with pytest.raises(BatchNotOpenedError):
        confirm_batch(uuid=batch.uuid, by=AGENT, now=LATER)
    assert names(batch) == ["Mme Léa Girard"]


def test_each_day_has_its_batch_and_a_day_without_letters_has_none(write: Write) -> None:
    write(now=NOON - timedelta(days=1))
    write()
    write()
    assert [(each.day, each.letters) for each in letter_days(now=LATER)] == [
        (date(2026, 10, 20), 1),
        (DAY, 2),
    ]
    assert made().letters.count() == 2
    assert make_batch(day=DAY, by=AGENT, now=LATER) is None
    assert [each.day for each in letter_days(now=LATER)] == [date(2026, 10, 20)]


def test_what_was_not_printed_before_its_code_lapsed_expires_and_is_seen(write: Write, clock: Clock) -> None:
    write("En lot", lifetime=timedelta(days=2))
    batch = made()
    names(batch)
    write("Sans lot", lifetime=timedelta(days=2))
    write("Qui vit")
    lapsed = clock.now = NOON + timedelta(days=2)
    assert [each.letters for each in letter_days(now=lapsed)] == [1]
    assert open_batch(uuid=batch.uuid, by=AGENT, now=lapsed)[1] == []
    assert confirm_batch(uuid=batch.uuid, by=AGENT, now=lapsed)
    tasks.sweep(tenant="alpha")
    assert states() == ["expired", "expired", "queued"]
    assert [bytes(each.sealed) for each in Message.objects.filter(state="expired")] == [b"", b""]
    assert len(undelivered_page(settled=False, number="1", size=10)) == 2
    assert expire_letters(now=lapsed) == 0


def test_a_later_letter_of_the_same_kind_to_the_same_person_takes_the_place_of_the_first(
    write: Write,
) -> None:
    first, other = write(), write("M. Paul Huit")
    assert first.about is not None
    replace_letters(kind="activation_letter", about=first.about)
    assert states() == ["replaced", "queued"]
    assert names(made()) == ["M. Paul Huit"]
    first.refresh_from_db()
    assert bytes(first.sealed) == b""
    assert other.about != first.about


def test_a_letter_whose_words_do_not_open_is_given_up_and_the_others_are_printed(write: Write) -> None:
    broken = write()
    write("M. Paul Huit")
    Message.objects.filter(pk=broken.pk).update(sealed=b"\x00" * 40)
    batch = made()
    assert names(batch) == ["M. Paul Huit"]
    assert states() == ["failed", "queued"]


def test_a_batch_that_holds_nothing_any_more_is_not_offered(write: Write) -> None:
    letter = write()
    made()
    assert [each.waiting for each in batches_to_confirm()] == [1]
    assert letter.about is not None
    replace_letters(kind="activation_letter", about=letter.about)
    assert batches_to_confirm() == []


def test_the_other_caisse_has_neither_the_letters_nor_the_batch(beta: Caisse, write: Write) -> None:
    write()
    batch = made()
    with tenant_context(beta):
        assert letter_days(now=LATER) == []
        assert batches_to_confirm() == []
        with pytest.raises(NoSuchBatchError):
            open_batch(uuid=batch.uuid, by=AGENT, now=LATER)
        with pytest.raises(NoSuchBatchError):
            confirm_batch(uuid=batch.uuid, by=AGENT, now=LATER)
    assert names(batch) == ["Mme Léa Girard"]
