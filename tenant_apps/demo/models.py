"""What the demo sent instead of real messages, and the books of its payment provider."""

import uuid

from django.db import models

from guichet.tenancy.columns import MoneyField
from tenant_apps.payments.domain.outcomes import Said


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


class MailboxAttachment(models.Model):
    """What went with a mail, as it went."""

    message = models.ForeignKey(MailboxMessage, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="one_piece_a_position")]


class CardOrder(models.Model):
    """What the demo's payment provider was asked to have paid, and how its visitor played it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payment = models.UUIDField(unique=True)
    amount = MoneyField()
    words = models.CharField(max_length=400)
    back = models.CharField(max_length=300)
    cancel = models.CharField(max_length=300)
    state = models.CharField(max_length=16, default=Said.OPEN.value)
    capture = models.CharField(max_length=60, blank=True)
    how = models.CharField(max_length=12, blank=True)
    expires_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    tell_at = models.DateTimeField(null=True)


class CardRefund(models.Model):
    """What it gave back. Its uuid is the one that it was asked with."""

    uuid = models.UUIDField(unique=True)
    order = models.ForeignKey(CardOrder, on_delete=models.CASCADE, related_name="refunds")
    amount = MoneyField()
    made_at = models.DateTimeField()

    @property
    def reference(self) -> str:
        return f"demo-{self.pk}"
