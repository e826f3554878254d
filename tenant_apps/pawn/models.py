"""Pawn contracts. One without a tariff is mirrored from the caisse's own system, which stays its source."""

import uuid

from django.db import models
from django.db.models import F, Q

from guichet.tenancy.append_only import Kept
from guichet.tenancy.columns import MoneyField
from tenant_apps.clients.models import BARE_NUMBER, Client
from tenant_apps.pawn.domain.law import Metal
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.domain.states import ENDED, NOT_ENDED, State
from tenant_apps.pawn.history_models import (
    ActCharged,
    Handover,
    Notice,
    Operation,
    OperationLine,
    Sale,
    Waiver,
    one_of,
)
from tenant_apps.pawn.tariffs.models import Tariff

__all__ = [
    "ActCharged",
    "Block",
    "Contract",
    "Handover",
    "Notice",
    "NumberSeries",
    "Operation",
    "OperationLine",
    "PledgedObject",
    "Sale",
    "Tariff",
    "Waiver",
]

_MIRRORED = Q(tariff__isnull=True)


class Contract(models.Model):
    """A pawn loan: objects in the caisse's keeping against an amount lent.

    Its states and the ways between them: `domain.states`. The database refuses any other way to a contract of ours, and
    never rewrites what was signed.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DUE = "due"
        IN_GRACE = "in_grace"
        FOR_SALE = "for_sale"
        SOLD = "sold"
        BONI_AVAILABLE = "boni_available"
        BONI_CLAIMED = "boni_claimed"
        BONI_LAPSED = "boni_lapsed"
        REDEEMED = "redeemed"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=20)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="pawn_contracts")
    # That of the day it was signed. None: mirrored.
    tariff = models.ForeignKey(Tariff, null=True, on_delete=models.PROTECT, related_name="contracts")
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    kept_at = models.CharField(max_length=80)
    amount_lent = MoneyField()
    opened_on = models.DateField()
    # The present term; prolongations move it.
    due_on = models.DateField()
    # Of a contract of ours: the term that was signed, what of the capital is left, what the objects are worth.
    first_term = models.DateField(null=True)
    capital = MoneyField(null=True)
    appraisal = MoneyField(null=True)
    # Of one whose sale is announced: when it was, the day of the sale, and whether the client asked for it.
    announced_on = models.DateField(null=True)
    sale_on = models.DateField(null=True)
    sale_requested = models.BooleanField(default=False)
    # The last day of the time that the director gave beside the caisse's usual grace (CMF D514-14).
    extra_until = models.DateField(null=True)
    # When its receipt was printed to be handed over: what is printed again is marked (CMF D514-10, D514-11).
    receipt_printed_at = models.DateTimeField(null=True)
    # Of a mirrored one: as the caisse's own system computed it, at the moment it says.
    amount_due = MoneyField(null=True)
    amount_due_as_of = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_contract_a_number"),
            models.CheckConstraint(condition=Q(amount_lent__gt=0), name="an_amount_was_lent"),
            models.CheckConstraint(condition=Q(amount_due__gte=0), name="nothing_negative_is_due"),
            models.CheckConstraint(condition=Q(due_on__gt=F("opened_on")), name="due_after_opening"),
            models.CheckConstraint(condition=one_of("state", State), name="contract_state_known"),
            models.CheckConstraint(
                condition=_MIRRORED
                & Q(
                    first_term__isnull=True,
                    capital__isnull=True,
                    appraisal__isnull=True,
                    amount_due__isnull=False,
                    amount_due_as_of__isnull=False,
                )
                | ~_MIRRORED
                & Q(
                    first_term__isnull=False,
                    capital__isnull=False,
                    appraisal__isnull=False,
                    amount_due__isnull=True,
                    amount_due_as_of__isnull=True,
                ),
                name="mirrored_or_ours",
            ),
            models.CheckConstraint(
                condition=Q(capital__isnull=True) | Q(capital__gte=0, capital__lte=F("amount_lent")),
                name="capital_within_the_loan",
            ),
            models.CheckConstraint(
                condition=_MIRRORED | ~one_of("state", ENDED) | Q(capital=0), name="an_ended_one_owes_nothing"
            ),
            models.CheckConstraint(
                condition=_MIRRORED
                | Q(state="for_sale", announced_on__isnull=False, sale_on__isnull=False)
                | ~Q(state="for_sale") & Q(announced_on__isnull=True, sale_on__isnull=True),
                name="a_sale_is_announced_for_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "due_on", "id"], name="contract_client_due"),
            # What the counter searches by.
            models.Index(BARE_NUMBER, name="contract_bare_number"),
            # What the console counts.
            models.Index(fields=["state"], condition=one_of("state", NOT_ENDED), name="contract_not_ended"),
            # What the night looks through.
            models.Index(
                fields=["due_on"],
                condition=Q(tariff__isnull=False) & one_of("state", ("running", "due")),
                name="contract_by_date",
            ),
        ]

    @property
    def mirrored(self) -> bool:
        return self.tariff_id is None


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
    appraisal = MoneyField()
    photo = models.FileField(upload_to="objects", blank=True)
    # Where it is lent on its weight: the metal, and the price of a pure gram on the day of the loan.
    metal = models.CharField(
        max_length=8, blank=True, default="", choices=[(each.value, each.name) for each in Metal]
    )
    metal_price = models.DecimalField(max_digits=10, decimal_places=4, null=True)
    # New goods are not sold before the term, whoever asks (CMF D514-15).
    is_new = models.BooleanField(default=False)
    # The most that the law lets the caisse lend on it (CMF D514-8); None: mirrored.
    most_lent = MoneyField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "position"], name="one_object_a_position")]


class Block(Kept):
    """What stands in the way of a contract, whatever its state: from a day, until it is lifted."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="blocks")
    kind = models.CharField(max_length=20, choices=[(each.value, each.name) for each in BlockKind])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "kind"], condition=Q(until__isnull=True), name="one_open_block_a_kind"
            ),
            models.CheckConstraint(condition=one_of("kind", BlockKind), name="block_kind_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="a_block_ends_after_it_began"
            ),
        ]


class NumberSeries(models.Model):
    """The last number that was given to a contract in a series: a year, or all years."""

    series = models.CharField(max_length=4, unique=True)
    last = models.PositiveIntegerField(default=0)
