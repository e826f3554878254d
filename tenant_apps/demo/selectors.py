"""The only door to the mailbox."""

from uuid import UUID

from tenant_apps.demo.models import MailboxMessage

SHOWN = 100


def latest_messages() -> list[MailboxMessage]:
    return list(MailboxMessage.objects.order_by("-sent_at", "-id")[:SHOWN])


def message_html(*, uuid: UUID) -> str | None:
    """The HTML part of a mail; None when there is none."""
    found = MailboxMessage.objects.filter(uuid=uuid).exclude(html="").first()
    return found.html if found else None
