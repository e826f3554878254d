"""Published policies and sealed secrets, in the caisse's own schema."""

from django.db import models
from django.utils import timezone

from guichet.tenancy.append_only import AppendOnly


class PolicyVersion(AppendOnly):
    """One published policy: what the caisse overrides, by whom and why. Never changed, never removed."""

    number = models.PositiveIntegerField(unique=True)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    author = models.CharField(max_length=120)
    reason = models.CharField(max_length=400)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(author="") & ~models.Q(reason=""),
                name="a_version_is_signed_with_a_reason",
            )
        ]


class CaisseSecret(models.Model):
    """A password or key of the caisse at a provider, sealed. Written by command, read by the worker only."""

    name = models.CharField(max_length=80)
    sealed = models.BinaryField()
    set_by = models.CharField(max_length=120)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="one_secret_a_name")]


class PolicyDraft(models.Model):
    """The one draft of a caisse: what it would override, and the version that it was written from."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    document = models.JSONField()
    written_from = models.PositiveIntegerField()
    saved_by = models.CharField(max_length=120)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="there_is_one_draft")]
