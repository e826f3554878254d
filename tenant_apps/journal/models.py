"""The journal of a caisse."""

from django.db import models
from django.utils import timezone

from guichet.tenancy.append_only import AppendOnly


class Event(AppendOnly):
    """One thing that happened. `subject` is an opaque id, never a name; `details` holds no personal data."""

    kind = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    # Who it is about: the UUID of a user, or the blind index of an identifier that nobody has.
    subject = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "-at"], name="event_subject_at")]
