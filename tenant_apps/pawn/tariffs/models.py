"""Tariffs that a caisse has applied.

Loaded by `tenant_apps.pawn.models`, which the framework knows.
"""

import uuid

from django.db import models
from django.utils import timezone

from guichet.tenancy.append_only import AppendOnly


class Tariff(AppendOnly):
    """One dated tariff, as validated. A correction is a later number with the same first day; a loan keeps its own."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    valid_from = models.DateField()
    label = models.CharField(max_length=120)
    document = models.JSONField()
    author = models.CharField(max_length=120)
    reason = models.CharField(max_length=400)
    applied_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(author="") & ~models.Q(reason=""),
                name="a_tariff_is_signed_with_a_reason",
            )
        ]
        indexes = [models.Index(fields=["-valid_from", "-number"], name="tariff_in_force")]
