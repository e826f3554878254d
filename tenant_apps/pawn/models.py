"""Pawn contracts, mirrored from the caisse's own system, which stays their source."""

import uuid

from django.db import models

from tenant_apps.clients.models import Client
from tenant_apps.pawn.tariffs.models import Tariff

__all__ = ["Contract", "PledgedObject", "Tariff"]


class Contract(models.Model):
    """A pawn loan: objects in the caisse's keeping against an amount lent."""

    class State(models.TextChoices):
        RUNNING = "running"
        DUE = "due"
        IN_GRACE = "in_grace"
        FOR_SALE = "for_sale"
        SOLD = "sold"
        BONI_AVAILABLE = "boni_available"
        REDEEMED = "redeemed"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=20)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="pawn_contracts")
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    kept_at = models.CharField(max_length=80)
    amount_lent = models.DecimalField(max_digits=12, decimal_places=2)
    opened_on = models.DateField()
    due_on = models.DateField()
    # As the caisse's own system computed it, at the moment it says.
    amount_due = models.DecimalField(max_digits=12, decimal_places=2)
    amount_due_as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_contract_a_number"),
            models.CheckConstraint(condition=models.Q(amount_lent__gt=0), name="an_amount_was_lent"),
            models.CheckConstraint(condition=models.Q(amount_due__gte=0), name="nothing_negative_is_due"),
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("opened_on")), name="due_after_opening"
            ),
        ]
        indexes = [models.Index(fields=["client", "due_on", "id"], name="contract_client_due")]


class PledgedObject(models.Model):
    """A thing pledged under a contract."""

    class Category(models.TextChoices):
        RING = "ring"
        CHAIN = "chain"
        BRACELET = "bracelet"
        WATCH = "watch"
        COIN = "coin"
        INSTRUMENT = "violin"
        PAINTING = "painting"
        CAMERA = "camera"
        OTHER = "other"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="objects_pledged")
    position = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=12, choices=Category.choices)
    description = models.CharField(max_length=200)
    weight_grams = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    # Thousandths: 750 is eighteen carats.
    fineness = models.PositiveSmallIntegerField(null=True)
    appraisal = models.DecimalField(max_digits=12, decimal_places=2)
    photo = models.FileField(upload_to="objects", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "position"], name="one_object_a_position")]
