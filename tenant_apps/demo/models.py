"""What the demo sent instead of real messages."""

from django.db import models


class MailboxMessage(models.Model):
    """A message in clear, which no real installation may keep: this table exists in the demo only."""

    uuid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    # Of a letter, what `tenant_apps.messaging.letter.Letter.of` takes.
    letter = models.JSONField(null=True)
    sent_at = models.DateTimeField()
