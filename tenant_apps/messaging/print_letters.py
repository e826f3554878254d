"""Letters on paper: a batch is made once, opened as often as the printer wants, and confirmed once.

Until it is confirmed the words stay sealed in their rows, so that a jam of paper loses no letter; then they are erased.
"""

import json
import logging
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.sealing import SealBrokenError
from guichet.tenancy.signing import keyring
from tenant_apps.journal.record import record
from tenant_apps.messaging.letter import Letter
from tenant_apps.messaging.letters_waiting import waiting_letters
from tenant_apps.messaging.models import LetterBatch, Message
from tenant_apps.messaging.rendering import PURPOSE

# So that one PDF stays a thing that a browser and a printer swallow; what is over makes the next batch.
MOST = 200
# Of letters and batches; what is told in a client's history begins with `message`.
OPENED, CONFIRMED = "letters.opened", "letters.confirmed"
SEEN, PRINTED = "message.letter_seen", "message.printed"
log = logging.getLogger(__name__)


class NoSuchBatchError(LookupError):
    """This caisse has none of that id."""


class BatchNotOpenedError(RuntimeError):
    """Nobody has seen these letters: to confirm them would erase what was never printed."""


class BatchClosedError(RuntimeError):
    """It was confirmed, and the words are gone."""


@transaction.atomic
def make_batch(*, day: date, by: UUID, now: datetime) -> LetterBatch | None:
    """The letters written on that day that are in no batch yet. None when there are none."""
    # Two agents at once: the second waits here, and finds that the letters have their batch.
    letters = waiting_letters().filter(batch=None, created_at__date=day).exclude(expires_at__lte=now)
    keys = list(letters.select_for_update().order_by("id").values_list("pk", flat=True)[:MOST])
    if not keys:
        return None
    batch = LetterBatch.objects.create(day=day, made_at=now, made_by=by)
    Message.objects.filter(pk__in=keys).update(batch=batch)
    return batch


@transaction.atomic
def open_batch(*, uuid: UUID, by: UUID, now: datetime) -> tuple[LetterBatch, list[Letter]]:
    """The letters that still wait, oldest first; that they were seen is journalled.

    Also in each client's history, when somebody else opens them than who did last: who reads a code and never
    confirms has left a trace there, and a jam of paper leaves one only.
    Raises NoSuchBatchError, BatchClosedError.
    """
    batch = _locked(uuid)
    if batch.confirmed_at is not None:
        raise BatchClosedError
    found = waiting_letters().filter(batch=batch).exclude(expires_at__lte=now).order_by("id")
    seen = [(each.about, letter) for each in found if (letter := _opened(each)) is not None]
    if batch.opened_by != by:
        for about, _ in seen:
            record(kind=SEEN, at=now, subject=str(about), by=str(by))
    batch.opened_at, batch.opened_by = now, by
    batch.save(update_fields=["opened_at", "opened_by"])
    record(kind=OPENED, at=now, subject=str(batch.uuid), by=str(by), letters=len(seen))
    return batch, [letter for _, letter in seen]


@transaction.atomic
def confirm_batch(*, uuid: UUID, by: UUID, now: datetime) -> bool:
    """Whether it was still to confirm: a second run, or a colleague's at the same time, changes nothing.

    Printed and in their envelopes: the words are erased, whatever they held. Raises NoSuchBatchError,
    BatchNotOpenedError.
    """
    batch = _locked(uuid)
    if batch.confirmed_at is not None:
        return False
    if batch.opened_at is None:
        raise BatchNotOpenedError
    letters = waiting_letters().filter(batch=batch).exclude(expires_at__lte=now).select_for_update()
    printed = dict(letters.order_by("id").values_list("pk", "about"))
    Message.objects.filter(pk__in=printed).update(state=Message.State.PRINTED, sealed=b"", sent_at=now)
    batch.confirmed_at, batch.confirmed_by = now, by
    batch.save(update_fields=["confirmed_at", "confirmed_by"])
    record(kind=CONFIRMED, at=now, subject=str(batch.uuid), by=str(by), letters=len(printed))
    for about in printed.values():
        record(kind=PRINTED, at=now, subject=str(about), by=str(by))
    return True


def _locked(uuid: UUID) -> LetterBatch:
    batch = LetterBatch.objects.select_for_update().filter(uuid=uuid).first()
    if batch is None:
        raise NoSuchBatchError
    return batch


def _opened(message: Message) -> Letter | None:
    """None, and given up, when its words do not open: the others must still be printed."""
    try:
        kept = json.loads(keyring().open(message.sealed, purpose=PURPOSE))["letter"]
    except (SealBrokenError, KeyError):
        log.error("message %s of kind %s given up: its words do not open", message.uuid, message.kind)  # noqa: TRY400  # says it all
        message.state, message.last_error, message.sealed = (
            Message.State.FAILED,
            "words that do not open",
            b"",
        )
        message.save(update_fields=["state", "last_error", "sealed"])
        return None
    return Letter.of(kept)
