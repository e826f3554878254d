"""What was asked, charged, done and given back. Every captured cent stands on a line."""

import uuid
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db import models

from guichet.tenancy.append_only import AppendOnly, Kept
from guichet.tenancy.columns import MoneyField
from tenant_apps.clients.models import Client
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.domain.states import DisputeState, LineState, PaymentState, RefundState


def _one_of(states: Iterable[str], *, column: str = "state") -> models.Q:
    """A dump would write `IN` otherwise than it was made."""
    return reduce(or_, (models.Q(**{column: str(each)}) for each in states))


_CAPTURED = _one_of(["paid", "applied"])
_OPEN = _one_of(["created", "waiting"])
_CLOSED = _one_of(["refused", "abandoned"])
_MOVING = _one_of(["asked", "sent"])


class Basket(models.Model):
    """Prices said to one client, and how long they hold."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)


class BasketLine(models.Model):
    """One act at its price. `wanted`: the sum that the client chose, where the act leaves it open."""

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    reference = models.UUIDField()
    act = models.CharField(max_length=40)
    wanted = MoneyField(null=True)
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["basket", "kind", "reference"], name="one_act_a_thing"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_price_is_positive"),
        ]


class Payment(Kept):
    """One try to pay by card. `form` was minted by the page that asks for it: the same again is the same payment.

    Its states and the ways between them: `domain.states`. The database refuses any other way.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    form = models.UUIDField(unique=True)
    # Of the client, the lines and the total: the same form with another content is refused.
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=PaymentState.CREATED.value)
    provider = models.CharField(max_length=40)
    # What the provider calls it, and what it calls the capture, which a refund names.
    reference = models.CharField(max_length=200, blank=True)
    capture = models.CharField(max_length=200, blank=True)
    # The provider's page; whoever has it may pay. Erased once there is nothing to do there.
    address = models.TextField(blank=True)
    total = MoneyField()
    captured = MoneyField(null=True)
    captured_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # While a process asks the provider to begin: when it is held for dead.
    claimed_until = models.DateTimeField(null=True)
    # When the provider is asked next, and how often it was: until it is closed, then since (`services.ask_again`).
    check_at = models.DateTimeField(null=True)
    checks = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    # When its prices were promised: it is applied as of then. None: it was never quoted.
    quoted_at = models.DateTimeField(null=True)
    # What the bank of whoever paid wants back: how it stands, since when, how much.
    dispute = models.CharField(max_length=6, blank=True, default="")
    disputed_at = models.DateTimeField(null=True)
    disputed = MoneyField(null=True)
    # Until when the caisse may answer it at the provider, as that has said.
    answer_by = models.DateTimeField(null=True)
    # Without gaps within a year: see services.receipt_numbers.
    receipt = models.CharField(max_length=20, null=True, unique=True)  # noqa: DJ001  # unique, and many have none

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(total__gt=0), name="something_is_paid"),
            models.CheckConstraint(
                condition=_one_of(PaymentState),
                name="payment_state_known",
            ),
            models.CheckConstraint(
                condition=(
                    _CAPTURED
                    & models.Q(captured__gt=0, captured_at__isnull=False, receipt__isnull=False)
                    & ~models.Q(capture="")
                )
                | (~_CAPTURED & models.Q(captured__isnull=True, receipt__isnull=True)),
                name="captured_when_paid",
            ),
            models.CheckConstraint(
                condition=models.Q(dispute="", disputed_at__isnull=True, disputed__isnull=True)
                | _one_of(DisputeState, column="dispute")
                & models.Q(disputed_at__isnull=False, disputed__isnull=False, captured__isnull=False),
                name="a_dispute_is_of_a_capture",
            ),
            models.CheckConstraint(
                condition=models.Q(answer_by__isnull=True) | ~models.Q(dispute=""),
                name="an_answer_is_to_a_dispute",
            ),
            models.UniqueConstraint(
                fields=["provider", "reference"],
                condition=~models.Q(reference=""),
                name="one_payment_a_reference",
            ),
            models.UniqueConstraint(
                fields=["provider", "capture"], condition=~models.Q(capture=""), name="one_payment_a_capture"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-created_at", "-id"], name="payment_client"),
            models.Index(fields=["check_at"], condition=_OPEN, name="payment_open"),
            models.Index(
                fields=["check_at"],
                condition=_CLOSED & models.Q(check_at__isnull=False),
                name="payment_ask_again",
            ),
            models.Index(fields=["captured_at"], condition=_CAPTURED, name="payment_captured"),
            models.Index(fields=["disputed_at"], condition=~models.Q(dispute=""), name="payment_disputed"),
        ]


class Refund(Kept):
    """A sum that goes back to the card it came from. Its uuid is what the provider knows the demand by."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = MoneyField()
    state = models.CharField(max_length=10, default=RefundState.ASKED.value)
    reference = models.CharField(max_length=200, blank=True)
    # A uuid of the person of the agency, where one asked; and why, as a code of the journal.
    asked_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=240)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # When the provider first said yes.
    taken_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="something_goes_back"),
            models.CheckConstraint(condition=_one_of(RefundState), name="refund_state_known"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=_MOVING, name="refund_moving"),
            models.Index(
                fields=["taken_at"], condition=models.Q(taken_at__isnull=False), name="refund_taken"
            ),
        ]


class PaymentLine(Kept):
    """One act of a payment, and what became of its sum."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    reference = models.UUIDField()
    act = models.CharField(max_length=40)
    amount = MoneyField()
    state = models.CharField(max_length=10, default=LineState.ASKED.value)
    # Why it could not be applied: a code.
    reason = models.CharField(max_length=60, blank=True)
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="lines")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "position"], name="one_line_a_position"),
            models.UniqueConstraint(fields=["payment", "kind", "reference"], name="one_line_a_thing"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_line_is_positive"),
            models.CheckConstraint(condition=_one_of(LineState), name="line_state_known"),
            models.CheckConstraint(
                condition=models.Q(refund__isnull=False) | ~_one_of(["refunding", "refunded"]),
                name="what_goes_back_has_a_refund",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(state="held"), name="line_held")]


class TakenEvent(AppendOnly):
    """What a provider said, once each: the same again finds it here."""

    provider = models.CharField(max_length=40)
    event = models.CharField(max_length=200)
    said = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Said])
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event"], name="one_event_once")]


class UnmatchedDispute(AppendOnly):
    """What a bank said of a capture that nobody had told us yet: noted once that is told (`services.told_early`)."""

    provider = models.CharField(max_length=40)
    event = models.CharField(max_length=200)
    capture = models.CharField(max_length=200)
    how = models.CharField(max_length=16)
    amount = MoneyField()
    answer_by = models.DateTimeField(null=True)
    at = models.DateTimeField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event"], name="one_unmatched_event_once")]
        indexes = [models.Index(fields=["provider", "capture"], name="unmatched_capture")]


class DayReport(AppendOnly):
    """The provider's list of a day against ours, as it stood when they were compared."""

    day = models.DateField()
    provider = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    ours_captured = MoneyField()
    ours_refunded = MoneyField()
    theirs_captured = MoneyField()
    theirs_refunded = MoneyField()
    count = models.PositiveIntegerField()
    # As `domain.reconcile.Difference` writes them.
    differences = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-day", "-id"], name="day_report_latest")]


class ReceiptYear(Kept):
    """The last number that was given in a year; its row is what those who take one wait for."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)
