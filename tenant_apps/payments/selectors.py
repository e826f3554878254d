"""The doors to payments: those of one client, and those of the caisse for its agency."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from guichet.kernel.money import ZERO, Money
from guichet.tenancy.columns import MoneyField
from tenant_apps.clients.models import Client
from tenant_apps.payments.domain.reasons import BANK_TOOK
from tenant_apps.payments.domain.states import (
    AGAINST_US,
    CAPTURED,
    OPEN,
    DisputeState,
    LineState,
    PaymentState,
    RefundState,
)
from tenant_apps.payments.models import DayReport, Payment, PaymentLine, Refund
from tenant_apps.payments.still_here import PLACED


class NoSuchPaymentError(LookupError):
    """There is none of that id, or it is not this client's: the same answer for both."""


@dataclass(frozen=True, slots=True)
class Span:
    """From the first moment of a day in Paris to that of the next."""

    begins: datetime
    ends: datetime

    def wider(self, margin: timedelta) -> "Span":
        return Span(self.begins - margin, self.ends + margin)

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.begins <= moment < self.ends


def span_of(*, day: date) -> Span:
    zone = timezone.get_default_timezone()
    return Span(
        datetime.combine(day, time.min, tzinfo=zone),
        datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone),
    )


def payments_page(*, client: Client, number: str, size: int) -> "Page[Payment]":
    """Newest first, with their lines. Three queries. A try that never got to the provider's page is left out."""
    found = _with_lines(Payment.objects.filter(client=client).exclude(state="created"))
    return Paginator(found.order_by("-created_at", "-id"), size).get_page(number)


def payment_of(*, client: Client, uuid: UUID) -> Payment:
    """With its lines and their refunds. Raises NoSuchPaymentError."""
    found = _with_lines(Payment.objects.filter(client=client, uuid=uuid)).select_related("client").first()
    if found is None:
        raise NoSuchPaymentError
    return found


def payments_of_uuids(*, uuids: Collection[UUID]) -> list[Payment]:
    """Whosever they are, with their lines: for their receipts, which are asked for with their client. Three queries."""
    return list(_with_lines(Payment.objects.filter(uuid__in=uuids)))


def payment_under_way(
    *, client: Client, things: Collection[tuple[str, UUID]], now: datetime
) -> Payment | None:
    """One of this client's that may still go through for one of the same things: it waits at the provider, or is about
    to. `things`: kinds and references.
    """
    same = reduce(or_, (Q(lines__kind=kind, lines__reference=reference) for kind, reference in things))
    begun = Q(state=PaymentState.WAITING) | Q(state=PaymentState.CREATED, claimed_until__gt=now)
    waiting = Payment.objects.filter(begun, client=client, expires_at__gt=now)
    return waiting.filter(same).order_by("-id").first()


def paid_since(*, client: Client, payment: Payment) -> Payment | None:
    """The latest that was begun after that one for one of its things, and charged. `payment`: with its lines."""
    things = {(each.kind, each.reference) for each in payment.lines.all()}
    same = reduce(or_, (Q(lines__kind=kind, lines__reference=reference) for kind, reference in things))
    found = Payment.objects.filter(same, client=client, state__in=CAPTURED, pk__gt=payment.pk)
    return found.order_by("-id").first()


def payment_captured(*, client: Client, fingerprint: str, since: datetime) -> Payment | None:
    """The latest of that content that the card was charged for, begun since then."""
    found = Payment.objects.filter(client=client, fingerprint=fingerprint, created_at__gte=since)
    return found.filter(state__in=CAPTURED).order_by("-id").first()


def captured_in(*, span: Span) -> list[Payment]:
    """Oldest first, with clients and lines. Two queries."""
    return list(_with_lines(_captured(span)).select_related("client").order_by("captured_at", "id"))


def captured_page(*, span: Span, number: str, size: int) -> "Page[Payment]":
    """Of those of `captured_in`. Three queries, however many there are."""
    found = _with_lines(_captured(span)).select_related("client")
    return Paginator(found.order_by("captured_at", "id"), size).get_page(number)


def captured_sum(*, span: Span) -> Money:
    found: Money | None = _captured(span).aggregate(sum=Sum("captured"))["sum"]
    return found or ZERO


def disputes(*, limit: int) -> list[Payment]:
    """What banks want back: first what is open, then what has ended, newest first."""
    is_open = Case(When(dispute=DisputeState.OPEN, then=0), default=1)
    found = _with_lines(Payment.objects.exclude(dispute="")).select_related("client")
    return list(found.order_by(is_open, "-disputed_at", "-id")[:limit])


def disputes_of(*, span: Span, limit: int) -> list[Payment]:
    """Of what was captured then, and what was first disputed then."""
    then = Q(captured_at__gte=span.begins, captured_at__lt=span.ends)
    then |= Q(disputed_at__gte=span.begins, disputed_at__lt=span.ends)
    found = _with_lines(Payment.objects.filter(then).exclude(dispute="")).select_related("client")
    return list(found.order_by("captured_at", "id")[:limit])


@dataclass(frozen=True, slots=True)
class Disputed:
    """`amount`: what the bank of whoever paid wants back, or has taken back where it is `lost`."""

    payment: UUID
    lost: bool
    amount: Money


def disputed_among(*, uuids: Collection[UUID]) -> list[Disputed]:
    """Those of these payments whose sum the caisse has lost, or may. One query, and none where none is asked about."""
    found = Payment.objects.filter(uuid__in=uuids, dispute__in=[each.value for each in AGAINST_US])
    rows = found.order_by("disputed_at", "id").values_list("uuid", "dispute", "disputed")
    return [Disputed(uuid, dispute == DisputeState.LOST, amount or ZERO) for uuid, dispute, amount in rows]


def lost_of(*, payment: UUID) -> Money:
    """What the bank of whoever paid has back of it; nothing while it has not decided. One query."""
    found = Payment.objects.filter(uuid=payment, dispute=DisputeState.LOST)
    return found.values_list("disputed", flat=True).first() or ZERO


def count_disputed() -> int:
    """Those of which nobody has said the end."""
    return Payment.objects.filter(dispute=DisputeState.OPEN).exclude(dispute="").count()


def refunds_taken_in(*, span: Span) -> list[Refund]:
    """Those that the provider took then, but for what it later could not give back."""
    found = Refund.objects.filter(taken_at__gte=span.begins, taken_at__lt=span.ends)
    found = found.exclude(state=RefundState.FAILED)
    return list(found.select_related("payment__client").order_by("taken_at", "id"))


def held_page(*, number: str, size: int) -> "Page[PaymentLine]":
    """What waits for the agency, oldest first, with what else became of each payment. Three queries."""
    found = _held().select_related("payment__client").prefetch_related("payment__lines")
    return Paginator(found.order_by("id"), size).get_page(number)


def held_line(*, payment: UUID, position: int) -> PaymentLine:
    """Of a captured payment, whatever became of the line. Raises NoSuchPaymentError."""
    found = PaymentLine.objects.filter(payment__uuid=payment, payment__state__in=CAPTURED, position=position)
    line = found.select_related("payment__client", "refund").first()
    if line is None:
        raise NoSuchPaymentError
    return line


def latest_refunds(*, limit: int) -> list[Refund]:
    """Those under way and those that ended, newest first."""
    return list(Refund.objects.select_related("payment__client").order_by("-id")[:limit])


def report_of(*, day: date) -> DayReport | None:
    """The latest of that day."""
    return DayReport.objects.filter(day=day).order_by("-id").first()


def compared_days(*, since: date) -> set[date]:
    """Those with a report. One that was made while its day still ran says nothing of its end."""
    return set(_whole_reports().filter(day__gte=since).values_list("day", flat=True))


def first_day() -> date | None:
    """Of what was captured or compared. Two queries."""
    captured = Payment.objects.filter(state__in=CAPTURED).aggregate(first=Min("captured_at"))["first"]
    compared = DayReport.objects.aggregate(first=Min("day"))["first"]
    days = [compared, timezone.localdate(captured) if captured else None]
    return min((each for each in days if each), default=None)


def uncompared(*, before: date) -> "QuerySet[Payment]":
    """What was captured on days before that one, of which there is no report yet."""
    reports = _whole_reports().filter(day=OuterRef("captured_on"))
    found = Payment.objects.filter(state__in=CAPTURED, captured_at__lt=span_of(day=before).begins)
    zone = timezone.get_default_timezone()
    return found.annotate(captured_on=TruncDate("captured_at", tzinfo=zone)).filter(~Exists(reports))


def _whole_reports() -> "QuerySet[DayReport]":
    made = DayReport.objects.annotate(made_on=TruncDate("made_at", tzinfo=timezone.get_default_timezone()))
    return made.filter(made_on__gt=F("day"))


def count_held() -> int:
    return _held().count()


def count_late(*, now: datetime, after: timedelta) -> int:
    """Payments that nobody has said the end of, and refunds that the provider does not take."""
    payments = Payment.objects.filter(state__in=OPEN, expires_at__lt=now - after).count()
    refunds = Refund.objects.filter(Q(state=RefundState.ASKED, asked_at__lt=now - after)).count()
    return payments + refunds


def _held() -> "QuerySet[PaymentLine]":
    """But for what the bank of whoever paid has taken back, where nothing is left to decide on (`still_here`)."""
    placed = PaymentLine.objects.filter(payment=OuterRef("payment"), state__in=PLACED).values("payment")
    spent = Coalesce(
        Subquery(placed.annotate(sum=Sum("amount")).values("sum")), Decimal(), output_field=MoneyField()
    )
    none_left = Q(kind=BANK_TOOK) | Q(payment__captured__lte=F("payment__disputed") + spent)
    taken_back = none_left & Q(payment__dispute=DisputeState.LOST)
    return PaymentLine.objects.filter(state=LineState.HELD).exclude(taken_back)


def _captured(span: Span) -> "QuerySet[Payment]":
    return Payment.objects.filter(state__in=CAPTURED, captured_at__gte=span.begins, captured_at__lt=span.ends)


def _with_lines(payments: "QuerySet[Payment]") -> "QuerySet[Payment]":
    lines = PaymentLine.objects.select_related("refund").order_by("position")
    return payments.prefetch_related(Prefetch("lines", queryset=lines))
