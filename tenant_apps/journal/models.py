"""The journal of a caisse, and the seals that show that nobody has changed it."""

from django.db import models
from django.utils import timezone

from guichet.tenancy.append_only import AppendOnly


class Event(AppendOnly):
    """One thing that happened. `subject` is an opaque id, never a name; `details` holds no personal data."""

    kind = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    # Who it is about: the UUID of a user, or the blind index of an identifier that nobody has.
    subject = models.CharField(max_length=64, blank=True)
    # Erased when the policy says, with its salt; the digest of both stays, and says nothing without them. The database
    # draws the salt and makes the digest (migration 0002), whoever inserts.
    address = models.GenericIPAddressField(null=True)
    address_salt = models.CharField(max_length=32, blank=True, default="", db_default="")
    address_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-at"], name="event_subject_at"),
            models.Index(fields=["-at", "-id"], name="event_at"),
            # What is still to be erased.
            models.Index(fields=["at"], condition=models.Q(address__isnull=False), name="event_address_kept"),
        ]


class Seal(AppendOnly):
    """One block of the journal: every event whose id is from `first` to `last`, and there will be no other.

    `chained` is the digest of the seal's own words and of the seal before, so that one seal vouches for all of those
    before it; `signed` is `chained` under the caisse's key, whose mark stands beside it.
    """

    number = models.PositiveBigIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    count = models.PositiveIntegerField()
    # Of the events' own digests, in the order of their ids.
    events = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    chained = models.CharField(max_length=64)
    signed = models.CharField(max_length=64)
    key = models.CharField(max_length=8)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="one_seal_a_number")]
