"""The demo's transport: into the mailbox of the caisse."""

from django.db import transaction

from tenant_apps.demo.models import MailboxMessage
from tenant_apps.messaging.transports import Envelope


class Mailbox:
    """Takes every mail, SMS and letter. The same message twice is kept once."""

    repeats = True

    @transaction.atomic
    def send(self, envelope: Envelope) -> None:
        MailboxMessage.objects.update_or_create(
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
