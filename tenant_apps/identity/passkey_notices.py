"""What a client is told of passkeys and recovery codes, by another way than the screen."""

from datetime import datetime
from typing import Any

from django.utils.translation import override

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.messaging.queue_message import queue_message


def tell_of_copied_passkey(*, user: User, name: str, now: datetime) -> None:
    """By mail, or by SMS to who has no address. Staff have neither on file."""
    client = user.client
    if client is not None and client.email:
        queue_message(kind="passkey_copied", channel="mail", **_mail(client, user, now, key=name))
    elif client is not None and client.mobile:
        queue_message(kind="passkey_copied", channel="sms", **_sms(client, user, now))


def tell_of_used_recovery_code(*, user: User, left: int, now: datetime) -> None:
    """The same."""
    client = user.client
    if client is not None and client.email:
        queue_message(kind="recovery_code_used", channel="mail", **_mail(client, user, now, left=left))
    elif client is not None and client.mobile:
        queue_message(kind="recovery_code_used", channel="sms", **_sms(client, user, now, left=left))


def tell_of_new_recovery_codes(*, user: User, now: datetime) -> None:
    """The same: those before them open nothing any more."""
    client = user.client
    if client is not None and client.email:
        queue_message(kind="recovery_codes_made", channel="mail", **_mail(client, user, now))
    elif client is not None and client.mobile:
        queue_message(kind="recovery_codes_made", channel="sms", **_sms(client, user, now))


def _mail(client: Client, user: User, now: datetime, **words: object) -> dict[str, Any]:
    with override(client.language):
        name = client.greeting_name
    context = {"name": name, "at": now, **words}
    return {**_common(client, user, now), "to": client.email, "context": context}


def _sms(client: Client, user: User, now: datetime, **words: object) -> dict[str, Any]:
    return {**_common(client, user, now), "to": client.mobile, "context": words}


def _common(client: Client, user: User, now: datetime) -> dict[str, Any]:
    return {"about": user.uuid, "language": client.language, "now": now, "secret": False}
