"""The only door to the mailbox."""

from uuid import UUID

from tenant_apps.demo.models import MailboxMessage
from tenant_apps.messaging.letter import Letter

SHOWN = 100


def latest_messages() -> list[MailboxMessage]:
    return list(MailboxMessage.objects.order_by("-sent_at", "-id")[:SHOWN])


def message_html(*, uuid: UUID) -> str | None:
    """The HTML part of a mail; None when there is none."""
    found = MailboxMessage.objects.filter(uuid=uuid).exclude(html="").first()
    return found.html if found else None


def message_letter(*, uuid: UUID) -> Letter | None:
    """None when it is no letter."""
    found = MailboxMessage.objects.filter(uuid=uuid, letter__isnull=False).first()
    return Letter.of(found.letter) if found and found.letter else None
