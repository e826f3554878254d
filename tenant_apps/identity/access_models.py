"""What lets a person in who cannot sign in as others do: a first connection, a recovery, another way for some days.

Loaded by `tenant_apps.identity.models`, which the framework knows.
"""

from datetime import datetime

from django.db import models


class AccessCode(models.Model):
    """What was sent to a person who has no secret yet. Only the latest of an account opens anything, and once.

    Kept as a keyed digest: neither the table nor a session reads back.
    """

    class Kind(models.TextChoices):
        LINK = "link"
        PASSWORD = "password"  # noqa: S105  # the name of a kind
        LETTER = "letter"

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="access_codes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    # Drawn in when a later one is sent.
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    # New secrets that were refused for what they say of the person: each such answer tells something of them.
    personal_refusals = models.PositiveSmallIntegerField(default=0)

    def is_live(self, *, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


class Recovery(models.Model):
    """What was sent to a person who forgot the secret. Only the latest of an account opens anything, and once.

    A link, a code, or both, which then serve together: neither opens anything alone. Kept as keyed digests.
    """

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="recoveries")
    # The proofs that it asks for, as the policy names them.
    proofs = models.JSONField()
    link_digest = models.CharField(max_length=64, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    # The user's when it was sent: an act of the agency, or a new secret, puts an end to it.
    epoch = models.PositiveIntegerField()
    # Wrong codes that it still bears; none left, it is dead, or waits for the next day.
    tries_left = models.PositiveSmallIntegerField()
    # The day that they are of, where a letter brings the code: another day has as many anew. Else none.
    tries_day = models.DateField(null=True)
    created_at = models.DateTimeField()
    # Drawn in when a later one is sent.
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    # As above.
    personal_refusals = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link_digest"], condition=~models.Q(link_digest=""), name="one_recovery_a_link"
            ),
            models.CheckConstraint(
                condition=~models.Q(link_digest="", code_digest=""), name="a_recovery_asks_for_a_proof"
            ),
        ]

    @property
    def asks_code(self) -> bool:
        """Behind its link, a code too."""
        return bool(self.link_digest and self.code_digest)

    @property
    def is_guessed_out(self) -> bool:
        """Wrong codes have put an end to it. To a letter they never do."""
        return self.tries_left == 0 and self.tries_day is None

    def is_live(self, *, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at and not self.is_guessed_out


class WayException(models.Model):
    """For some days, one person may come in by a way that the policy does not offer. It ends by itself.

    One row a person and way: granted again, it is prolonged.
    """

    class Way(models.TextChoices):
        SMS = "sms"
        TOTP = "totp"
        PIN = "pin"
        # Not a second factor: the first connection, by a code in a letter.
        LETTER = "letter"

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="way_exceptions")
    way = models.CharField(max_length=8, choices=Way.choices)
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "way"], name="one_exception_a_person_and_way")]
        # The few that live are asked for at each second step.
        indexes = [models.Index(fields=["ends_at"], include=["way", "user"], name="exception_live")]
