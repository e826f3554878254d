"""The demo's transport: into the mailbox of the caisse."""

from django.db import transaction

from tenant_apps.demo.models import MailboxAttachment, MailboxMessage
from tenant_apps.messaging.transports import Envelope


class Mailbox:
    """Takes every mail, SMS and letter. The same message twice is kept once."""

    repeats = True

    @transaction.atomic
    def send(self, envelope: Envelope) -> None:
        message, _ = MailboxMessage.objects.update_or_create(
            uuid=envelope.uuid,
            defaults={
                "kind": envelope.kind,
                "channel": envelope.channel,
                "to": envelope.to,
                "subject": envelope.subject,
                "text": envelope.text,
                "html": envelope.html,
                "letter": envelope.letter,
                "sent_at": envelope.at,
            },
        )
        message.attachments.all().delete()
        MailboxAttachment.objects.bulk_create(
            MailboxAttachment(
                message=message,
                position=position,
                name=each.name,
                media_type=each.media_type,
                content=each.content,
            )
            for position, each in enumerate(envelope.attachments)
        )
