"""The doors to the outbox for who looks after it: what it holds of a message, never its words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from guichet.kernel.sealing import every_index
from tenant_apps.messaging.letters_waiting import waiting_letters
from tenant_apps.messaging.models import LetterBatch, Message, SmsDay
from tenant_apps.messaging.recipients import recipient_digest

State = Message.State
UNDELIVERED = (State.FAILED, State.EXPIRED, State.BOUNCED)
UNDER_WAY = (State.QUEUED, State.SENDING)
# The words are sealed: nothing that lists messages needs them.
_SHOWN = (
    "uuid",
    "kind",
    "channel",
    "state",
    "about",
    "secret",
    "created_at",
    "expires_at",
    "last_error",
    "resent",
    "settled_at",
    "settled_by",
    "settled_why",
)


def undelivered_page(*, settled: bool, number: str, size: int) -> "Page[Message]":
    """What did not get there and is open, or is settled; newest first.

    A page that does not exist is the nearest that does. Two queries.
    """
    found = _listed(Message.objects.filter(state__in=UNDELIVERED, settled_at__isnull=not settled))
    return Paginator(found.order_by("-created_at", "-id"), size).get_page(number)


def undelivered_message(*, uuid: UUID) -> Message | None:
    """Open or settled."""
    return _listed(Message.objects.filter(state__in=UNDELIVERED, uuid=uuid)).first()


def was_told_since(*, kind: str, about: UUID, since: datetime) -> bool:
    """Whether a message of that kind was queued for this person from then on, whatever became of it."""
    return Message.objects.filter(about=about, created_at__gte=since, kind=kind).exists()


def count_open_messages(*, until: datetime) -> int:
    """How many of those queued by then did not get there, and are still to be dealt with."""
    return Message.objects.filter(state__in=UNDELIVERED, settled_at=None, created_at__lte=until).count()


def troubled_messages_about(*, about: UUID, limit: int) -> list[Message]:
    """What waits to leave, and what did not get there and is open, of one person, newest first."""
    found = _listed(
        Message.objects.filter(state__in=(*UNDER_WAY, *UNDELIVERED), about=about, settled_at=None)
    )
    return list(found.order_by("-created_at", "-id")[:limit])


def doubtful_addresses(*, about: UUID, addresses: Iterable[str]) -> set[str]:
    """Those where a message for this person found nobody, and to which none has come since. One query.

    That another left, or was queued, says nothing: only what left afterwards and is known to have arrived does.
    """
    known = {each: recipient_digest(each) for each in addresses if each}
    digests = {digest: each for each, index in known.items() for digest in every_index(index)}
    found = Message.objects.filter(about=about, recipient__in=digests).values("recipient").order_by()
    told = found.annotate(nobody=Max("nobody_at"), came=Max("sent_at", filter=Q(arrived_at__isnull=False)))
    return {
        digests[each["recipient"]]
        for each in told
        if each["nobody"] and (each["came"] is None or each["came"] <= each["nobody"])
    }


POST_TAKES = timedelta(days=5)
"""From the agency to the letter box, and the person's time to open it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """Of the messages of a time, those that did not get there: `lost` is all of them, and the sum of the two below."""

    lost: int
    # Given up, or too late to leave.
    never_left: int
    # The provider took it, and said later that it did not arrive.
    returned: int
    # Of all of them, those that staff have closed.
    settled: int


def count_undelivered(*, since: datetime) -> Undelivered:
    """Of those queued since then: the list that the agency works through, counted. One query."""
    found = Message.objects.filter(state__in=UNDELIVERED, created_at__gte=since)
    return Undelivered(
        **found.aggregate(
            lost=Count("id"),
            never_left=Count("id", filter=~Q(state=State.BOUNCED)),
            returned=Count("id", filter=Q(state=State.BOUNCED)),
            settled=Count("id", filter=Q(settled_at__isnull=False)),
        )
    )


def count_late_messages(*, now: datetime) -> int:
    """How many should have left by now."""
    return _late(now).count()


def late_since(*, now: datetime) -> datetime | None:
    """Since when the first of them should have left."""
    first: datetime | None = _late(now).aggregate(first=Min("due_at"))["first"]
    return first


def times_sent_again(*, uuid: UUID) -> int:
    """0 too for a message that is not there."""
    return Message.objects.filter(uuid=uuid).values_list("resent", flat=True).first() or 0


def sms_of_day(*, day: date) -> SmsDay:
    """What left and what was kept back; zeros on a day without."""
    return SmsDay.objects.filter(day=day).first() or SmsDay(day=day)


def sms_kept_back(*, day: date) -> int:
    """By the limit of the caisse, and by the share of it that anybody may ask for."""
    found = sms_of_day(day=day)
    return found.kept_back + found.asked_kept_back


def _late(now: datetime) -> "QuerySet[Message]":
    """Letters are late by the agency's own measure: see `letter_days`."""
    found = Message.objects.filter(Q(state=State.QUEUED) | Q(state=State.SENDING), due_at__lt=now)
    return found.exclude(channel=Message.Channel.LETTER)


def _listed(found: "QuerySet[Message]") -> "QuerySet[Message]":
    """With `other_way`: whether another message says it instead."""
    instead = Message.objects.filter(instead_of=OuterRef("uuid"))
    return found.only(*_SHOWN).annotate(other_way=Exists(instead))


@dataclass(frozen=True, slots=True)
class LetterDay:
    """Letters of one day that are in no batch yet. `until`: when the first of their codes lapses.

    `post_by`: the last day on which posting them serves everybody, since a letter takes days and its code must live
    there; today where that day is over.
    """

    day: date
    letters: int
    until: datetime | None
    post_by: date | None


def letter_days(*, now: datetime) -> list[LetterDay]:
    """Oldest first."""
    waiting = waiting_letters().filter(batch=None).exclude(expires_at__lte=now)
    days = waiting.annotate(day=TruncDate("created_at")).values("day").order_by("day")
    found = days.annotate(letters=Count("id"), until=Min("expires_at"))
    return [
        LetterDay(each["day"], each["letters"], each["until"], _post_by(each["until"], now=now))
        for each in found
    ]


def _post_by(until: datetime | None, *, now: datetime) -> date | None:
    return max(timezone.localdate(until - POST_TAKES), timezone.localdate(now)) if until else None


@dataclass(frozen=True, slots=True)
class CountedBatch:
    """With how many of its letters are still to print, and how many were printed."""

    batch: LetterBatch
    waiting: int
    printed: int


def batches_to_confirm() -> list[CountedBatch]:
    """Those with a letter to print at least; oldest first."""
    to_print = LetterBatch.objects.filter(confirmed_at=None, letters__state=State.QUEUED)
    return _counted(to_print.order_by("day", "id"))


def batches_confirmed(*, limit: int) -> list[CountedBatch]:
    """Latest first."""
    return _counted(LetterBatch.objects.exclude(confirmed_at=None).order_by("-confirmed_at"), limit=limit)


def batch_of(*, uuid: UUID) -> CountedBatch | None:
    return next(iter(_counted(LetterBatch.objects.filter(uuid=uuid))), None)


def _counted(batches: "QuerySet[LetterBatch]", *, limit: int | None = None) -> list[CountedBatch]:
    found = batches.annotate(
        waiting=Count("letters", filter=Q(letters__state=State.QUEUED)),
        printed=Count("letters", filter=Q(letters__state=State.PRINTED)),
    )
    return [CountedBatch(each, each.waiting, each.printed) for each in found[:limit]]
