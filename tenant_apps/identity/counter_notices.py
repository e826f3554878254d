"""What the client is told of an act of the agency, by another way than the one that it changes.

Who did not ask for it learns of it, and calls.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import override

from tenant_apps.clients.envelope import in_short, recipient_of
from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.messaging.queue_message import queue_message
from tenants.policy.current import current_policy
from tenants.policy.document import Policy

Learns = Literal["before", "letter", "nobody"]


def tell_of_unlocking(*, user: User, now: datetime) -> None:
    """By mail, or by SMS to who has no address."""
    client = user.client
    if client is not None and client.email:
        queue_message(
            kind="account_unlocked", channel="mail", otherwise=client.mobile, **_mail(client, user, now)
        )
    elif client is not None and client.mobile:
        queue_message(kind="account_unlocked", channel="sms", **_sms(client, user, now, to=client.mobile))


def tell_of_forgotten_devices(*, user: User, now: datetime) -> None:
    """By mail, or by SMS to who has no address."""
    client = user.client
    if client is not None and client.email:
        queue_message(
            kind="devices_forgotten", channel="mail", otherwise=client.mobile, **_mail(client, user, now)
        )
    elif client is not None and client.mobile:
        queue_message(kind="devices_forgotten", channel="sms", **_sms(client, user, now, to=client.mobile))


def tell_of_forced_secret(*, user: User, sent: bool, now: datetime) -> None:
    """By mail, or by SMS to who has no address. `sent`: what a new secret needs is on its way."""
    client = user.client
    if client is not None and client.email:
        mail = _mail(client, user, now)
        queue_message(
            kind="secret_forced", channel="mail", **mail | {"context": {**mail["context"], "sent": sent}}
        )
    elif client is not None and client.mobile:
        sms = _sms(client, user, now, to=client.mobile)
        queue_message(kind="secret_forced", channel="sms", **sms | {"context": {"sent": sent}})


def tell_of_exception(*, user: User, way: str, until: datetime, now: datetime) -> None:
    """By mail, or by SMS to who has no address. A letter for a first connection tells by itself."""
    client = user.client
    if client is None or way == "letter":
        return
    more = {"way": way, "until": until}
    if client.email:
        mail = _mail(client, user, now)
        queue_message(
            kind="exception_granted", channel="mail", **mail | {"context": {**mail["context"], **more}}
        )
    elif client.mobile:
        sms = _sms(client, user, now, to=client.mobile)
        queue_message(kind="exception_granted", channel="sms", **sms | {"context": more})


def tell_of_new_phone(*, client: Client, user: User, left: Iterable[str], now: datetime) -> None:
    """By SMS to each number that is left, and by mail; neither shows the new one."""
    for number in left:
        queue_message(kind="phone_replaced", channel="sms", **_sms(client, user, now, to=number))
    if client.email:
        queue_message(kind="phone_replaced", channel="mail", **_mail(client, user, now))


def who_learns_of_contact(
    *, client: Client, before: Mapping[str, str], phones: Collection[str], policy: Policy
) -> Learns:
    """How the owner of a file learns that its e-mail or its mobile is another; « nobody »: on « Ma sécurité » alone."""
    if phones or any(before.values()):
        return "before"
    return "letter" if policy.posts_letters and client.postal_address else "nobody"


def tell_of_corrected_contact(
    *,
    client: Client,
    user: User,
    before: Mapping[str, str],
    phones: Collection[str],
    changed: Collection[str],
    now: datetime,
) -> None:
    """By mail and by SMS, to what the file said before; neither shows what it says now.

    And to the `phones` that receive codes: the file may have named nothing, or what somebody else gave. Where nobody
    would read it, by a letter to the postal address, which this act does not change.
    """
    what = {"email_changed": "email" in changed, "mobile_changed": "mobile" in changed}
    if (
        who_learns_of_contact(client=client, before=before, phones=phones, policy=current_policy())
        == "letter"
    ):
        _write_of_new_contact(client, user, what, now)
    if before["email"]:
        mail = _mail(client, user, now)
        more = {"to": before["email"], "context": {**mail["context"], **what}}
        queue_message(kind="contact_corrected", channel="mail", **mail | more)
    for number in sorted({before["mobile"], *phones} - {""}):
        sms = _sms(client, user, now, to=number)
        more = {"context": {**what, "of_the_file": number == before["mobile"]}}
        queue_message(kind="contact_corrected", channel="sms", **sms | more)


def _write_of_new_contact(client: Client, user: User, what: Mapping[str, bool], now: datetime) -> None:
    with override(client.language):
        name, recipient, to = client.greeting_name, recipient_of(client), in_short(client)
    context = {**what, "name": name, "at": now, "recipient": recipient, "today": now}
    queue_message(
        kind="contact_corrected", channel="letter", to=to, context=context, **_common(client, user, now)
    )


def _mail(client: Client, user: User, now: datetime) -> dict[str, Any]:
    with override(client.language):
        name = client.greeting_name
    return {**_common(client, user, now), "to": client.email, "context": {"name": name, "at": now}}


def _sms(client: Client, user: User, now: datetime, *, to: str) -> dict[str, Any]:
    return {**_common(client, user, now), "to": to, "context": {}}


def _common(client: Client, user: User, now: datetime) -> dict[str, Any]:
    return {"about": user.uuid, "language": client.language, "now": now, "secret": False}
