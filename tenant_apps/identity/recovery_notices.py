"""What the client is told once a new secret was chosen: who did not ask for it learns of it, and calls."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import override

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.messaging.queue_message import queue_message

# What a proof came by.
_SMS, _MAIL = {"sms_code"}, {"email_link", "email_code"}


def tell_of_recovery(*, user: User, proofs: Collection[str], now: datetime) -> None:
    """By another way than a proof came by, as far as there is one: by SMS rather than by mail."""
    client = user.client
    if client is None:
        return
    ways = [way for way, there in (("sms", client.mobile), ("mail", client.email)) if there]
    used = {"sms" if set(proofs) & _SMS else "", "mail" if set(proofs) & _MAIL else ""}
    way = next((each for each in ways if each not in used), ways[0] if ways else None)
    if way == "sms":
        _by_sms(client=client, user=user, now=now)
    elif way == "mail":
        _by_mail(client=client, user=user, now=now)


def _by_sms(*, client: Client, user: User, now: datetime) -> None:
    queue_message(
        kind="recovery_done",
        channel="sms",
        to=client.mobile,
        otherwise=client.email,
        about=user.uuid,
        language=client.language,
        context=_context(client, now),
        now=now,
        secret=False,
    )


def _by_mail(*, client: Client, user: User, now: datetime) -> None:
    queue_message(
        kind="recovery_done",
        channel="mail",
        to=client.email,
        otherwise=client.mobile,
        about=user.uuid,
        language=client.language,
        context=_context(client, now),
        now=now,
        secret=False,
    )


def _context(client: Client, now: datetime) -> dict[str, Any]:
    with override(client.language):
        return {"name": client.greeting_name, "at": now}
