"""What a client is told of a contract: by mail, by SMS or by letter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from guichet.kernel.money import Money
from tenant_apps.agencies.journalling import known_as
from tenant_apps.clients.envelope import in_short, recipient_of
from tenant_apps.identity.way_in import way_in
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.pawn.domain.reminders import NoticeKind
from tenant_apps.pawn.models import Contract
from tenants.policy.current import current_policy

LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """A notice with its numbers. `due`: what pays everything that day; `day`: the one that the client reads."""

    kind: NoticeKind
    contract: Contract
    now: datetime
    day: date
    due: Money
    boni: Money
    before: date | None = None
    """Of a sale: the day that the client was told of and expected until now."""

    @property
    def common(self) -> dict[str, Any]:
        client, contract = self.contract.client, self.contract
        with override(client.language):
            name = client.greeting_name
        context = {
            "name": name,
            "number": contract.number,
            "day": self.day,
            "due": self.due,
            "boni": self.boni,
            "before": self.before,
            "passed": self.day < timezone.localdate(self.now),
            **way_in(client=client.uuid, page=reverse("contract", args=[contract.uuid])).context,
        }
        return {
            "about": known_as(client),
            "language": client.language,
            "context": context,
            "now": self.now,
            "secret": False,
        }


LETTERED: dict[NoticeKind, str] = {
    NoticeKind.DUE_SOON: "due_soon",
    NoticeKind.DUE: "due",
    NoticeKind.IN_GRACE: "in_grace",
    NoticeKind.SALE: "sale",
    # Who was written to that a sale comes is written to that it does not.
    NoticeKind.WITHDRAWN: "sale",
}
"""What may leave by letter where nothing else reaches the client, and under which name of the policy."""


def channel_for(*, contract: Contract, kind: NoticeKind) -> str:
    """The first of the policy's that reaches the client, or none.

    The notice of a boni is a letter by law (CMF D514-21); more time is told to all, by letter if need be.
    """
    if kind is NoticeKind.BONI:
        return LETTER
    client, pawn = contract.client, current_policy().pawn
    written = LETTERED.get(kind) in pawn.letters_for
    reached = {"mail": client.email, "sms": client.mobile, LETTER: written and client.postal_address}
    last = LETTER if kind is NoticeKind.EXTRA_TIME else ""
    return next((each for each in pawn.remind_by if reached[each]), last)


def tell(*, told: ToTell, channel: str) -> UUID:
    """The uuid of what is in the outbox. `channel`: one that reaches the client."""
    client = told.contract.client
    if channel == LETTER:
        to, common = _letter_to(told)
        return _LETTERS[told.kind](to=to, **common).uuid
    to = client.email if channel == "mail" else client.mobile
    return _BY[told.kind, channel](to=to, **told.common).uuid


def _letter_to(told: ToTell) -> tuple[str, dict[str, Any]]:
    """To whom, in one line, and what every letter shows. Without an address on file the agency hands it over."""
    client, common = told.contract.client, told.common
    with override(client.language):
        common["context"] |= {"recipient": recipient_of(client), "today": told.now}
        return in_short(client), common


# Each kind and channel written out: a reader finds the words of a notice by them.
_LETTERS: dict[NoticeKind, Callable[..., Message]] = {
    NoticeKind.BONI: partial(queue_message, kind="pawn_boni", channel="letter"),
    NoticeKind.EXTRA_TIME: partial(queue_message, kind="pawn_extra_time", channel="letter"),
    NoticeKind.DUE_SOON: partial(queue_message, kind="pawn_due_soon", channel="letter"),
    NoticeKind.DUE: partial(queue_message, kind="pawn_due", channel="letter"),
    NoticeKind.IN_GRACE: partial(queue_message, kind="pawn_in_grace", channel="letter"),
    NoticeKind.SALE: partial(queue_message, kind="pawn_sale", channel="letter"),
    NoticeKind.WITHDRAWN: partial(queue_message, kind="pawn_withdrawn", channel="letter"),
}
_BY: dict[tuple[NoticeKind, str], Callable[..., Message]] = {
    (NoticeKind.DUE_SOON, "mail"): partial(queue_message, kind="pawn_due_soon", channel="mail"),
    (NoticeKind.DUE_SOON, "sms"): partial(queue_message, kind="pawn_due_soon", channel="sms"),
    (NoticeKind.DUE, "mail"): partial(queue_message, kind="pawn_due", channel="mail"),
    (NoticeKind.DUE, "sms"): partial(queue_message, kind="pawn_due", channel="sms"),
    (NoticeKind.IN_GRACE, "mail"): partial(queue_message, kind="pawn_in_grace", channel="mail"),
    (NoticeKind.IN_GRACE, "sms"): partial(queue_message, kind="pawn_in_grace", channel="sms"),
    (NoticeKind.SALE, "mail"): partial(queue_message, kind="pawn_sale", channel="mail"),
    (NoticeKind.SALE, "sms"): partial(queue_message, kind="pawn_sale", channel="sms"),
    (NoticeKind.SOLD, "mail"): partial(queue_message, kind="pawn_sold", channel="mail"),
    (NoticeKind.SOLD, "sms"): partial(queue_message, kind="pawn_sold", channel="sms"),
    (NoticeKind.LAPSING, "mail"): partial(queue_message, kind="pawn_lapsing", channel="mail"),
    (NoticeKind.LAPSING, "sms"): partial(queue_message, kind="pawn_lapsing", channel="sms"),
    (NoticeKind.WITHDRAWN, "mail"): partial(queue_message, kind="pawn_withdrawn", channel="mail"),
    (NoticeKind.WITHDRAWN, "sms"): partial(queue_message, kind="pawn_withdrawn", channel="sms"),
    (NoticeKind.EXTRA_TIME, "mail"): partial(queue_message, kind="pawn_extra_time", channel="mail"),
    (NoticeKind.EXTRA_TIME, "sms"): partial(queue_message, kind="pawn_extra_time", channel="sms"),
}
