"""What a client is told of the acts on « Ma sécurité »: the code that confirms one, and that one was done."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from tenant_apps.clients.models import Client
from tenant_apps.identity.acts import words_of
from tenant_apps.identity.models import User
from tenant_apps.messaging.queue_message import queue_message


def send_bound_code(
    *,
    user: User,
    to: str,
    code: str,
    kind: str,
    amount: Decimal | None,
    payee: str,
    lifetime: timedelta,
    now: datetime,
) -> None:
    """By SMS; it says what it confirms, the amount and the payee (RTS 2018/389, art. 5)."""
    language = user.client.language if user.client else "fr"
    with override(language):
        what = words_of(kind)
    queue_message(
        kind="step_up_code",
        channel="sms",
        to=to,
        about=user.uuid,
        language=language,
        context={"code": code, "what": what, "amount": amount, "payee": payee, "lifetime": lifetime},
        now=now,
        lifetime=lifetime,
        secret=True,
    )


def tell_of_changed_secret(*, user: User, now: datetime) -> None:
    """By mail, or by SMS to who has no address. Staff have neither on file."""
    client = user.client
    if client is not None and client.email:
        queue_message(kind="secret_changed", channel="mail", **_mail(client, user, now))
    elif client is not None and client.mobile:
        queue_message(kind="secret_changed", channel="sms", **_sms(client, user, now))


def tell_of_changed_devices(*, user: User, now: datetime) -> None:
    """The same: a second factor was added, replaced or removed."""
    client = user.client
    if client is not None and client.email:
        queue_message(kind="devices_changed", channel="mail", **_mail(client, user, now))
    elif client is not None and client.mobile:
        queue_message(kind="devices_changed", channel="sms", **_sms(client, user, now))


def _mail(client: Client, user: User, now: datetime) -> dict[str, Any]:
    with override(client.language):
        name = client.greeting_name
    return {**_common(client, user, now), "to": client.email, "context": {"name": name, "at": now}}


def _sms(client: Client, user: User, now: datetime) -> dict[str, Any]:
    return {**_common(client, user, now), "to": client.mobile, "context": {}}


def _common(client: Client, user: User, now: datetime) -> dict[str, Any]:
    return {"about": user.uuid, "language": client.language, "now": now, "secret": False}
