"""An address that is a person's no more: what did not get there is not sent there again."""

from datetime import datetime
from uuid import UUID

from guichet.kernel.sealing import every_index
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.recipients import recipient_digest
from tenant_apps.messaging.selectors import UNDELIVERED


def let_lapse(*, about: UUID, to: str, now: datetime) -> None:
    """In the caller's transaction. What waits to leave is left alone: it may be the word of this very change."""
    lost = Message.objects.filter(
        about=about, recipient__in=every_index(recipient_digest(to)), state__in=UNDELIVERED
    )
    lost.update(expires_at=now)
