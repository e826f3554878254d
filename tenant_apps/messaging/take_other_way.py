"""Say by mail what no SMS brought, or by SMS what no mail brought, where the policy wants it."""

import json
from datetime import datetime

from guichet.kernel.sealing import SealBrokenError
from guichet.tenancy.enqueue import enqueue
from guichet.tenancy.signing import keyring
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.recipients import recipient_digest
from tenant_apps.messaging.rendering import PURPOSE

OTHER = {"mail": "sms", "sms": "mail"}
OTHERWISE = "otherwise"


def take_other_way(*, message: Message, now: datetime) -> Message | None:
    """The message that leaves in its place, once. In the transaction that closes it, which holds its row.

    Its words were made when it was queued, and only for kinds that may: what holds a secret never has any.
    """
    if message.secret or not message.sealed or Message.objects.filter(instead_of=message.uuid).exists():
        return None
    try:
        words = json.loads(keyring().open(message.sealed, purpose=PURPOSE)).get(OTHERWISE)
    except SealBrokenError:
        return None
    if not words:
        return None
    other = Message.objects.create(
        kind=message.kind,
        channel=OTHER[message.channel],
        about=message.about,
        secret=False,
        by_anybody=message.by_anybody,
        recipient=recipient_digest(words["to"]),
        sealed=keyring().seal(json.dumps(words), purpose=PURPOSE),
        created_at=now,
        due_at=now,
        expires_at=message.expires_at,
        instead_of=message.uuid,
    )
    enqueue("messaging.deliver", message=str(other.uuid))
    return other
