"""What was done with contracts: rows that are added and read.

Loaded by `tenant_apps.pawn.models`, which the framework knows.
"""

import uuid
from collections.abc import Iterable
from enum import StrEnum
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q

from guichet.tenancy.append_only import AppendOnly, Kept
from guichet.tenancy.columns import MoneyField
from tenant_apps.pawn.domain.operations import Means, OperationKind, Part, Source


def one_of(column: str, values: Iterable[str]) -> Q:
    """A dump would write `IN` otherwise than it was made."""
    return reduce(or_, (Q(**{column: str(each)}) for each in sorted(values)))


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(each.value, each.name) for each in words]


class Operation(AppendOnly):
    """One act on a contract, once: `uuid` was minted by the form that asked for it, or by who wrote the job.

    `fingerprint` is of its content: the same again replays the first answer, another content is refused.
    """

    uuid = models.UUIDField(unique=True, editable=False)
    fingerprint = models.CharField(max_length=64)
    contract = models.ForeignKey("pawn.Contract", on_delete=models.PROTECT, related_name="operations")
    kind = models.CharField(max_length=16, choices=_choices(OperationKind))
    # The day that its sums are computed for, and when it was written.
    on = models.DateField()
    at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=_choices(Source))
    # The payment by card that it came with; and who of the agency did it.
    payment = models.UUIDField(null=True)
    by = models.UUIDField(null=True)
    # At the counter: how the money changed hands, and the number of the client's receipt.
    means = models.CharField(max_length=8, blank=True, default="", choices=_choices(Means))
    receipt = models.CharField(max_length=20, blank=True, default="")
    # What was paid, to the caisse or by it (`domain.operations.PAID_OUT`), and what of it was capital; or what is
    # the caisse's without anybody paying (`IN_THE_BOOKS`).
    amount = MoneyField()
    capital = MoneyField()
    # Of a prolongation.
    term_before = models.DateField(null=True)
    term_after = models.DateField(null=True)
    # Of more time that the director gave: its last day.
    until = models.DateField(null=True)
    # Of a redemption that stopped an announced sale: its day, and whether the client had asked for it.
    sale_stopped = models.DateField(null=True)
    sale_requested = models.BooleanField(default=False)
    # Of a taking back: the payment that it takes back (migration 0011 looks at its parts, and at what followed).
    takes_back = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="taken_back_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=one_of("kind", OperationKind), name="operation_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="taken_back", amount__lte=0, capital__lte=0)
                | Q(kind="sale_corrected")
                | ~Q(kind="taken_back") & Q(amount__gte=0),
                name="a_payment_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(capital__gte=0) | Q(kind="taken_back"), name="paid_capital_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(kind="taken_back", takes_back__isnull=False)
                | ~Q(kind="taken_back") & Q(takes_back__isnull=True),
                name="a_taking_back_names_a_payment",
            ),
            models.CheckConstraint(
                condition=Q(kind="redeemed") | Q(sale_stopped__isnull=True),
                name="a_redemption_stops_a_sale",
            ),
            models.CheckConstraint(
                condition=Q(sale_stopped__isnull=False) | Q(sale_requested=False),
                name="a_sale_that_was_stopped_was_requested",
            ),
            models.CheckConstraint(
                condition=Q(source="counter", by__isnull=False, payment__isnull=True)
                | Q(source="card", by__isnull=True, payment__isnull=False)
                | Q(source="clock", by__isnull=True, payment__isnull=True)
                | Q(source="client", by__isnull=True, payment__isnull=True, amount=0),
                name="somebody_did_it",
            ),
            models.CheckConstraint(
                condition=Q(kind="prolonged", term_before__isnull=False, term_after__gt=F("term_before"))
                | ~Q(kind="prolonged") & Q(term_before__isnull=True, term_after__isnull=True),
                name="a_prolongation_moves_the_term",
            ),
            models.CheckConstraint(
                condition=Q(kind="extra_time", until__isnull=False)
                | ~Q(kind="extra_time") & Q(until__isnull=True),
                name="more_time_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(means="") | Q(source="counter") & one_of("means", Means),
                name="means_of_the_counter",
            ),
            models.UniqueConstraint(
                fields=["receipt"], condition=~Q(receipt=""), name="one_operation_a_receipt"
            ),
            models.UniqueConstraint(
                fields=["payment", "contract"],
                condition=Q(payment__isnull=False),
                name="one_operation_a_payment",
            ),
        ]
        indexes = [
            models.Index(fields=["contract", "id"], name="operation_contract"),
            models.Index(fields=["at", "id"], name="operation_at"),
        ]


class OperationLine(AppendOnly):
    """A part of the money of an operation: their sum is its amount, to the cent."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=12, choices=_choices(Part))
    # Which act of the tariff, where it is a fee of one.
    act = models.CharField(max_length=24, blank=True)
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "position"], name="one_part_a_position"),
            models.CheckConstraint(condition=one_of("part", Part), name="part_known"),
        ]


class StillCharged(models.Manager["ActCharged"]):
    """Without what was waived: the loan never knew of it."""

    def get_queryset(self) -> models.QuerySet["ActCharged"]:
        return super().get_queryset().filter(waiver__isnull=True)


class ActCharged(AppendOnly):
    """Something that the tariff charges was done: it is due with the next payment, unless it was waived."""

    objects = StillCharged()
    everything = models.Manager()

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="charges")
    contract = models.ForeignKey("pawn.Contract", on_delete=models.PROTECT, related_name="charges")
    act = models.CharField(max_length=24)
    on = models.DateField()
    # What it cost besides, where the tariff charges that too.
    extra = MoneyField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(extra__gte=0), name="a_cost_is_not_negative")]
        indexes = [models.Index(fields=["contract", "id"], name="charge_contract")]


class Waiver(AppendOnly):
    """A fee that is not counted after all, before anybody paid it: the history keeps the mistake, and this."""

    charge = models.OneToOneField(ActCharged, on_delete=models.PROTECT, related_name="waiver")
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="waivers")


class Sale(Kept):
    """What the auction brought. A deficit is not the client's (CMF D514-3, D514-4).

    Its price is what its operations add up to, and the rest of the row is never rewritten (migration 0010).
    """

    contract = models.OneToOneField("pawn.Contract", on_delete=models.PROTECT, related_name="sale")
    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, related_name="sale")
    sold_on = models.DateField()
    hammer_price = MoneyField()
    # Capital, interest and fees on that day; `costs` is what of it the sale itself cost.
    owed = MoneyField()
    costs = MoneyField()
    boni = MoneyField()
    deficit = MoneyField()
    # When the caisse must write that the boni waits, and the first day on which it is the caisse's (CMF D514-21).
    notice_on = models.DateField(null=True)
    lapses_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hammer_price__gte=0, owed__gte=0, costs__gte=0, costs__lte=F("owed")),
                name="sums_of_a_sale",
            ),
            models.CheckConstraint(
                condition=Q(boni__gte=0, deficit__gte=0) & (Q(boni=0) | Q(deficit=0)),
                name="a_boni_or_a_deficit",
            ),
            models.CheckConstraint(
                condition=Q(hammer_price=F("owed") + F("boni") - F("deficit")), name="the_price_is_shared_out"
            ),
            models.CheckConstraint(
                condition=Q(lapses_on__gt=F("sold_on")), name="a_boni_lapses_after_the_sale"
            ),
        ]
        indexes = [models.Index(fields=["lapses_on"], condition=~Q(boni=0), name="sale_boni_lapses")]


class Handover(Kept):
    """The objects of a redeemed contract left the caisse. Who came, and by which document, is sealed.

    A new key seals it anew: the rest of the row is never rewritten (migration 0003).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.OneToOneField("pawn.Contract", on_delete=models.PROTECT, related_name="handover")
    operation = models.OneToOneField(Operation, on_delete=models.PROTECT, related_name="handover")
    who_sealed = models.BinaryField()


class Notice(AppendOnly):
    """Something that the client was told of a contract; `message`: the uuid of what is in the outbox."""

    class Kind(models.TextChoices):
        DUE_SOON = "due_soon"
        DUE = "due"
        IN_GRACE = "in_grace"
        SALE = "sale"
        SOLD = "sold"
        BONI = "boni"
        LAPSING = "lapsing"
        EXTRA_TIME = "extra_time"
        WITHDRAWN = "withdrawn"

    contract = models.ForeignKey("pawn.Contract", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # What it is told about: a term, a day before it that the cadence names, the day of a sale. The same thing is told
    # once by a channel.
    about = models.DateField()
    channel = models.CharField(max_length=8)
    message = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "kind", "about", "channel"], name="one_notice_a_thing_and_channel"
            )
        ]
