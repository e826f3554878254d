"""What the counter keeps for itself: answers on their way to being checked."""

import uuid

from django.db import models


class Draft(models.Model):
    """The answers of one form, from its sending until its act is done or it is too old.

    Sealed: they hold names, telephones and sums. One row a sending, so that two tabs never meet.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Who typed them, and the page that asked: they serve nobody else and nowhere else.
    by = models.UUIDField()
    page = models.CharField(max_length=200)
    # Empty once the act is done; then where it led, so that Back does not offer it a second time.
    sealed = models.BinaryField()
    led_to = models.CharField(max_length=300, blank=True, default="")
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kept_at"], name="draft_kept")]
