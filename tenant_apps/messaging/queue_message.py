"""Put a message in the outbox, in the caller's transaction."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from guichet.tenancy.enqueue import enqueue
from guichet.tenancy.signing import keyring
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import rendered

PURPOSE = "message"


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
) -> Message:
    """Render now, in the caisse's words and the person's language; seal; let a worker send.

    `secret`: the words hold a code or a link, and are erased once sent or lapsed.
    """
    words = rendered(kind=kind, channel=channel, language=language, context=context)
    message = Message.objects.create(
        kind=kind,
        channel=channel,
        about=about,
        secret=secret,
        sealed=keyring().seal(json.dumps({"to": to, **words}), purpose=PURPOSE),
        created_at=now,
        due_at=now,
        expires_at=now + lifetime if lifetime else None,
    )
    enqueue("messaging.deliver", message=str(message.uuid))
    return message
