"""The outbox of a caisse."""

import uuid

from django.db import models
from django.utils import timezone


class LetterBatch(models.Model):
    """Letters of one day that are printed together. What is in it does not change once it is made.

    Opened as often as the printer wants it, until somebody says that the letters are in their envelopes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # When its letters were written.
    day = models.DateField()
    # Who did it: uuids of users, and no keys, since a batch outlives accounts.
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    opened_at = models.DateTimeField(null=True)
    opened_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["day"], condition=models.Q(confirmed_at__isnull=True), name="batch_not_confirmed"
            ),
            models.Index(fields=["-confirmed_at"], name="batch_confirmed"),
        ]


class Message(models.Model):
    """One mail, SMS or letter to send. The row is the truth; a job is only a nudge.

    The words are sealed, and erased once sent when the message carries a secret.
    """

    class Channel(models.TextChoices):
        MAIL = "mail"
        SMS = "sms"
        LETTER = "letter"

    class State(models.TextChoices):
        QUEUED = "queued"
        # A worker has asked the provider and not yet written what it said.
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        EXPIRED = "expired"
        # The provider took it, and then said that it did not arrive.
        BOUNCED = "bounced"
        # A letter, in its envelope.
        PRINTED = "printed"
        # A letter that a later one has made worthless before it was printed.
        REPLACED = "replaced"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    # The recipient's user id, for the client's history; no key, since messages outlive accounts.
    about = models.UUIDField(null=True)
    secret = models.BooleanField()
    # Whoever knows an identifier may have asked for it: nobody had signed in. See `count_sms`.
    by_anybody = models.BooleanField(default=False, db_default=False)
    # A keyed digest, which outlives the words: whether what came back went to the address that is on file today.
    recipient = models.CharField(max_length=64, blank=True, default="")
    # JSON of recipient, subject, text and HTML, sealed; empty once a secret was sent or has expired, and once a
    # letter is printed.
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    # While it is being sent: when a worker that has said nothing is held for dead.
    due_at = models.DateTimeField(default=timezone.now)
    # A code that comes after it has lapsed is worse than none.
    expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    came_back_at = models.DateTimeField(null=True)
    # When the provider said that nobody is at this address or number; sending it again forgets nothing of it.
    nobody_at = models.DateTimeField(null=True)
    # When the provider said that it is with its recipient. Of a mail nobody ever says so.
    arrived_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    # How many times staff had it sent again: see messaging.references.
    resent = models.PositiveSmallIntegerField(default=0)
    # The message that did not get there, which this one says by another way: once.
    instead_of = models.UUIDField(null=True, unique=True)
    # One that did not get there, and that staff have dealt with: when, who, and why in their words.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    settled_why = models.CharField(max_length=250, blank=True, default="", db_default="")
    # A letter's, once an agent has it printed.
    batch = models.ForeignKey(LetterBatch, null=True, on_delete=models.PROTECT, related_name="letters")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="queued") | models.Q(state="sending"),
                name="message_due",
            ),
            models.Index(fields=["about", "-created_at"], name="message_about"),
            # What the agency looks at: few rows of a table that grows for ever. A dump would write `IN` otherwise.
            models.Index(
                fields=["-created_at", "-id"],
                condition=models.Q(state="failed") | models.Q(state="expired") | models.Q(state="bounced"),
                name="message_lost",
            ),
            models.Index(
                fields=["-created_at", "-id"],
                condition=(models.Q(state="failed") | models.Q(state="expired") | models.Q(state="bounced"))
                & models.Q(settled_at__isnull=True),
                name="message_to_settle",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(channel="letter", state="queued"),
                name="message_letters_waiting",
            ),
        ]


class SmsDay(models.Model):
    """How many SMS left on a day, and how many the limit of the caisse kept back."""

    day = models.DateField(unique=True)
    sent = models.PositiveIntegerField(default=0)
    kept_back = models.PositiveIntegerField(default=0)
    # Among those sent: what nobody who is signed in had asked for; and what their own share kept back.
    asked = models.PositiveIntegerField(default=0, db_default=0)
    asked_kept_back = models.PositiveIntegerField(default=0, db_default=0)
