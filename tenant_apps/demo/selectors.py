"""The only door to the mailbox."""

from uuid import UUID

from django.db.models import Prefetch

from tenant_apps.demo.models import MailboxAttachment, MailboxMessage
from tenant_apps.messaging.letter import Letter

SHOWN = 100


def latest_messages() -> list[MailboxMessage]:
    """With the names of what went with them. Two queries."""
    names = Prefetch("attachments", queryset=MailboxAttachment.objects.defer("content").order_by("position"))
    return list(MailboxMessage.objects.order_by("-sent_at", "-id").prefetch_related(names)[:SHOWN])


def message_attachment(*, uuid: UUID, position: int) -> MailboxAttachment | None:
    return MailboxAttachment.objects.filter(message__uuid=uuid, position=position).first()


def message_html(*, uuid: UUID) -> str | None:
    """The HTML part of a mail; None when there is none."""
    found = MailboxMessage.objects.filter(uuid=uuid).exclude(html="").first()
    return found.html if found else None


def message_letter(*, uuid: UUID) -> Letter | None:
    """None when it is no letter."""
    found = MailboxMessage.objects.filter(uuid=uuid, letter__isnull=False).first()
    return Letter.of(found.letter) if found and found.letter else None
