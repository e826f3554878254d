"""Compare a day of ours with the provider's own list, and keep what was found."""

import logging
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from guichet.kernel.money import Money, total
from tenant_apps.journal.record import record
from tenant_apps.payments.domain.outcomes import Operation
from tenant_apps.payments.domain.reconcile import Entry, differences
from tenant_apps.payments.models import DayReport, Payment, Refund
from tenant_apps.payments.products import PRODUCT
from tenant_apps.payments.providers.choice import provider_name, provider_named
from tenant_apps.payments.selectors import (
    captured_in,
    compared_days,
    first_day,
    refunds_taken_in,
    span_of,
    uncompared,
)
from tenants.policy.current import current_policy

# What both may call the same moment, at most.
MARGIN = timedelta(hours=2)
LOOKED_BACK = 3  # days, whether or not anything was ever paid
# Days of a provider that was away. One question a day: a night must end.
LONGEST_BACK = 62
log = logging.getLogger(__name__)


def reconcile_day(*, day: date, now: datetime) -> DayReport:
    """Asks the provider that the policy names. Raises ProviderError."""
    provider = provider_name()
    wide = span_of(day=day).wider(MARGIN)
    theirs = [
        _theirs(each, day) for each in provider_named(provider).operations(begins=wide.begins, ends=wide.ends)
    ]
    return _compare(day=day, provider=provider, theirs=theirs, now=now)


def reconcile_last_days(*, now: datetime) -> None:
    """All those without a report since the first one, or the first capture, oldest first: nights when the provider was
    away are made up for, and a second run finds what the first has made. What lies further back than a night may go is
    told, and stays in the figure of the console until somebody compares it by hand.

    Nothing for a caisse where nobody can pay. Raises ProviderError.
    """
    if PRODUCT not in current_policy().products:
        return
    today = timezone.localdate(now)
    oldest = today - timedelta(days=LONGEST_BACK)
    if forgotten := uncompared(before=oldest).count():
        log.error(
            "%s payments of before %s were never compared: run payments reconcile --day for each of their days",
            forgotten,
            oldest,
        )
    start = min(max(first_day() or today, oldest), today - timedelta(days=LOOKED_BACK))
    done = compared_days(since=start)
    for day in (start + timedelta(days=after) for after in range((today - start).days)):
        if day not in done:
            reconcile_day(day=day, now=now)


@transaction.atomic
def _compare(*, day: date, provider: str, theirs: list[Entry], now: datetime) -> DayReport:
    ours = _ours(day, provider)
    found = differences(ours=ours, theirs=theirs, known_elsewhere=_known(theirs, provider))
    report = DayReport.objects.create(
        day=day,
        provider=provider,
        made_at=now,
        ours_captured=_sum(ours, "capture"),
        ours_refunded=_sum(ours, "refund"),
        theirs_captured=_sum(theirs, "capture"),
        theirs_refunded=_sum(theirs, "refund"),
        count=sum(each.within for each in theirs),
        differences=[each.written() for each in found],
    )
    record(kind="payments.compared", at=now, day=day.isoformat(), differences=len(found))
    return report


def _ours(day: date, provider: str) -> list[Entry]:
    exact = span_of(day=day)
    wide = exact.wider(MARGIN)
    payments = [each for each in captured_in(span=wide) if each.provider == provider]
    refunds = [each for each in refunds_taken_in(span=wide) if each.payment.provider == provider]
    return [
        *(
            Entry(
                kind="capture",
                key=each.capture,
                amount=each.captured,
                within=exact.holds(each.captured_at),
                payment=each.uuid,
            )
            for each in payments
            if each.captured is not None
        ),
        *(
            Entry(
                kind="refund",
                key=str(each.uuid),
                amount=each.amount,
                within=exact.holds(each.taken_at),
                payment=each.payment.uuid,
            )
            for each in refunds
        ),
    ]


def _theirs(operation: Operation, day: date) -> Entry:
    """A refund is known by our own number, which the provider was told; one that we never asked for by theirs."""
    within = span_of(day=day).holds(operation.at)
    if operation.kind == "refund":
        key = str(operation.uuid) if operation.uuid else operation.reference
        return Entry(kind="refund", key=key, amount=operation.amount, within=within)
    return Entry(
        kind="capture",
        key=operation.reference,
        amount=operation.amount,
        within=within,
        payment=operation.uuid,
    )


def _sum(entries: list[Entry], kind: str) -> Money:
    return total(each.amount for each in entries if each.kind == kind and each.within)


def _known(theirs: list[Entry], provider: str) -> frozenset[str]:
    """Those of the provider's list that we know, in whatever state."""
    asked = [each.payment for each in theirs if each.kind == "capture" and each.payment]
    known = set(Payment.objects.filter(uuid__in=asked, provider=provider).values_list("uuid", flat=True))
    keys = [each.key for each in theirs if each.kind == "refund" and _is_uuid(each.key)]
    refunds = Refund.objects.filter(payment__provider=provider, uuid__in=keys)
    named = {str(uuid) for uuid in refunds.values_list("uuid", flat=True)}
    return frozenset(
        each.key
        for each in theirs
        if (each.kind == "capture" and each.payment in known) or (each.kind == "refund" and each.key in named)
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
