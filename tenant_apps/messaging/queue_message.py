"""Put a message in the outbox, in the caller's transaction."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from guichet.tenancy.enqueue import enqueue
from guichet.tenancy.signing import keyring
from tenant_apps.messaging.attachments import ATTACHED, WITHOUT, Attached, NotInThisChannelError, kept
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.recipients import recipient_digest
from tenant_apps.messaging.rendering import PURPOSE, rendered
from tenant_apps.messaging.take_other_way import OTHER, OTHERWISE
from tenants.policy.current import current_policy


class SecretByAnotherWayError(ValueError):
    """A slip of whoever queues: a code proves the way that it came by."""


@transaction.atomic
def queue_message(
    *,
    kind: str,
    channel: str,
    to: str,
    about: UUID,
    language: str,
    context: Mapping[str, Any],
    now: datetime,
    secret: bool,
    lifetime: timedelta | None = None,
    otherwise: str = "",
    by_anybody: bool = False,
    attached: Sequence[Attached] = (),
) -> Message:
    """Render now, in the caisse's words and the person's language; seal; let a worker send.

    `secret`: the words hold a code or a link, and are erased once sent or lapsed. `by_anybody`: see `count_sms`.
    `otherwise`: where it may go by SMS when the mail does not arrive, or by mail when the SMS does not, if the policy
    wants it. Never with a secret: where it arrives is what it proves. `attached`: what goes with a mail.
    """
    if otherwise and secret:
        raise SecretByAnotherWayError(kind)
    words = _words(kind, channel, language, context, attached)
    if otherwise and kind in current_policy().senders.fallbacks:
        words[OTHERWISE] = {"to": otherwise, **_words(kind, OTHER[channel], language, context, ())}
    message = Message.objects.create(
        kind=kind,
        channel=channel,
        about=about,
        secret=secret,
        by_anybody=by_anybody,
        recipient=recipient_digest(to),
        sealed=keyring().seal(json.dumps({"to": to, **words}), purpose=PURPOSE),
        created_at=now,
        due_at=now,
        expires_at=now + lifetime if lifetime else None,
    )
    enqueue("messaging.deliver", message=str(message.uuid))
    return message


def _words(
    kind: str, channel: str, language: str, context: Mapping[str, Any], attached: Sequence[Attached]
) -> dict[str, Any]:
    if attached and channel != Message.Channel.MAIL:
        raise NotInThisChannelError(kind)
    told = {"kind": kind, "channel": channel, "language": language}
    words = rendered(**told, context={**context, ATTACHED: bool(attached)})
    if attached:
        words[ATTACHED] = kept(attached)
        words[WITHOUT] = rendered(**told, context={**context, ATTACHED: False})
    return words


def note_recipient(message: Message, words: str) -> None:
    """The digest of the recipient again, of words that were just sealed anew under another key."""
    if message.recipient:
        digest = recipient_digest(json.loads(words)["to"])
        Message.objects.filter(pk=message.pk).update(recipient=str(digest))
