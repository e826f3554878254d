"""What the client is told once a new secret was chosen: who did not ask for it learns of it, and calls."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import override

from tenant_apps.clients.envelope import in_short, recipient_of
from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.messaging.queue_message import queue_message

Way = Literal["sms", "mail", "letter"]
# What a proof came by.
_BROUGHT_BY: dict[str, Way] = {
    "sms_code": "sms",
    "email_link": "mail",
    "email_code": "mail",
    "letter_code": "letter",
}


def ways_to_tell(*, there: Collection[Way], proofs: Collection[str]) -> tuple[Way, ...]:
    """A way that brought no proof, the SMS first. When each did, all of them: one may be somebody else's by now.

    `there`: what the file has of SMS and mail. With neither there is the post, whose stamp no stranger can spend: this
    follows a new secret, not somebody's wish.
    """
    if not there:
        return ("letter",)
    used = {_BROUGHT_BY[proof] for proof in proofs}
    ways: tuple[Way, ...] = tuple(way for way in ("sms", "mail") if way in there)
    unused = tuple(way for way in ways if way not in used)
    return unused[:1] or ways


def tell_of_recovery(*, user: User, proofs: Collection[str], now: datetime) -> None:
    """In the transaction of the recovery."""
    client = user.client
    if client is None:
        return
    addresses: dict[Way, str] = {"sms": client.mobile, "mail": client.email}
    ways = ways_to_tell(there=[way for way, address in addresses.items() if address], proofs=proofs)
    common = _common(client, user, now)
    if "letter" in ways:
        _by_letter(client=client, common=common, now=now)
    if "sms" in ways:
        # What leaves by both ways needs no other when one fails.
        otherwise = "" if "mail" in ways else client.email
        queue_message(kind="recovery_done", channel="sms", to=client.mobile, otherwise=otherwise, **common)
    if "mail" in ways:
        otherwise = "" if "sms" in ways else client.mobile
        queue_message(kind="recovery_done", channel="mail", to=client.email, otherwise=otherwise, **common)


def _by_letter(*, client: Client, common: dict[str, Any], now: datetime) -> None:
    with override(client.language):
        to, recipient = in_short(client), recipient_of(client)
    context = {**common["context"], "recipient": recipient, "today": now}
    queue_message(kind="recovery_done", channel="letter", to=to, **common | {"context": context})


def _common(client: Client, user: User, now: datetime) -> dict[str, Any]:
    with override(client.language):
        name = client.greeting_name
    return {
        "about": user.uuid,
        "language": client.language,
        "context": {"name": name, "at": now},
        "now": now,
        "secret": False,
    }
