"""What a client is told of a contract: by mail, by SMS or by letter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
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
        return _LETTERS[told.kind](told).uuid
    to = client.email if channel == "mail" else client.mobile
    return _BY[told.kind, channel](told, to).uuid


def _letter_to(told: ToTell) -> tuple[str, dict[str, Any]]:
    """To whom, in one line, and what every letter shows. Without an address on file the agency hands it over."""
    client, common = told.contract.client, told.common
    with override(client.language):
        common["context"] |= {"recipient": recipient_of(client), "today": told.now}
        return in_short(client), common


def _boni_letter(told: ToTell) -> Message:
    to, common = _letter_to(told)
    return queue_message(kind="pawn_boni", channel="letter", to=to, **common)


def _extra_time_letter(told: ToTell) -> Message:
    to, common = _letter_to(told)
    return queue_message(kind="pawn_extra_time", channel="letter", to=to, **common)


def _due_soon_letter(told: ToTell) -> Message:
    to, common = _letter_to(told)
    return queue_message(kind="pawn_due_soon", channel="letter", to=to, **common)


def _due_letter(told: ToTell) -> Message:
    to, common = _letter_to(told)
    return queue_message(kind="pawn_due", channel="letter", to=to, **common)


def _in_grace_letter(told: ToTell) -> Message:
    to, common = _letter_to(told)
    return queue_message(kind="pawn_in_grace", channel="letter", to=to, **common)


def _sale_letter(told: ToTell) -> Message:
    to, common = _letter_to(told)
    return queue_message(kind="pawn_sale", channel="letter", to=to, **common)


def _withdrawn_letter(told: ToTell) -> Message:
    to, common = _letter_to(told)
    return queue_message(kind="pawn_withdrawn", channel="letter", to=to, **common)


def _due_soon_mail(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_due_soon", channel="mail", to=to, **told.common)


def _due_soon_sms(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_due_soon", channel="sms", to=to, **told.common)


def _due_mail(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_due", channel="mail", to=to, **told.common)


def _due_sms(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_due", channel="sms", to=to, **told.common)


def _in_grace_mail(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_in_grace", channel="mail", to=to, **told.common)


def _in_grace_sms(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_in_grace", channel="sms", to=to, **told.common)


def _sale_mail(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_sale", channel="mail", to=to, **told.common)


def _sale_sms(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_sale", channel="sms", to=to, **told.common)


def _sold_mail(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_sold", channel="mail", to=to, **told.common)


def _sold_sms(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_sold", channel="sms", to=to, **told.common)


def _lapsing_mail(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_lapsing", channel="mail", to=to, **told.common)


def _lapsing_sms(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_lapsing", channel="sms", to=to, **told.common)


def _extra_time_mail(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_extra_time", channel="mail", to=to, **told.common)


def _extra_time_sms(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_extra_time", channel="sms", to=to, **told.common)


def _withdrawn_mail(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_withdrawn", channel="mail", to=to, **told.common)


def _withdrawn_sms(told: ToTell, to: str) -> Message:
    return queue_message(kind="pawn_withdrawn", channel="sms", to=to, **told.common)


_LETTERS: dict[NoticeKind, Callable[[ToTell], Message]] = {
    NoticeKind.BONI: _boni_letter,
    NoticeKind.EXTRA_TIME: _extra_time_letter,
    NoticeKind.DUE_SOON: _due_soon_letter,
    NoticeKind.DUE: _due_letter,
    NoticeKind.IN_GRACE: _in_grace_letter,
    NoticeKind.SALE: _sale_letter,
    NoticeKind.WITHDRAWN: _withdrawn_letter,
}
_BY: dict[tuple[NoticeKind, str], Callable[[ToTell, str], Message]] = {
    (NoticeKind.DUE_SOON, "mail"): _due_soon_mail,
    (NoticeKind.DUE_SOON, "sms"): _due_soon_sms,
    (NoticeKind.DUE, "mail"): _due_mail,
    (NoticeKind.DUE, "sms"): _due_sms,
    (NoticeKind.IN_GRACE, "mail"): _in_grace_mail,
    (NoticeKind.IN_GRACE, "sms"): _in_grace_sms,
    (NoticeKind.SALE, "mail"): _sale_mail,
    (NoticeKind.SALE, "sms"): _sale_sms,
    (NoticeKind.SOLD, "mail"): _sold_mail,
    (NoticeKind.SOLD, "sms"): _sold_sms,
    (NoticeKind.LAPSING, "mail"): _lapsing_mail,
    (NoticeKind.LAPSING, "sms"): _lapsing_sms,
    (NoticeKind.WITHDRAWN, "mail"): _withdrawn_mail,
    (NoticeKind.WITHDRAWN, "sms"): _withdrawn_sms,
    (NoticeKind.EXTRA_TIME, "mail"): _extra_time_mail,
    (NoticeKind.EXTRA_TIME, "sms"): _extra_time_sms,
}
