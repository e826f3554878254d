"""A dispute that is told before its capture: kept until that comes, however late.

Providers promise no order. Stripe says again for three days what we do not take, and no longer; a capture whose word
was lost is found out by asking, up to ten days later (`services.ask_again`).
"""

from datetime import datetime
from typing import cast

from guichet.tenancy.connection import connection
from tenant_apps.payments.domain.outcomes import Dispute, Event, How, Said
from tenant_apps.payments.models import Payment, TakenEvent, UnmatchedDispute
from tenant_apps.payments.services.note_dispute import note_dispute


def wait_for_capture(*, provider: str, capture: str) -> None:
    """Until the transaction ends: whoever tells of a capture and whoever tells of its dispute, one after the other."""
    with connection.cursor() as cursor:
        named = f"{connection.schema_name}:{provider}:{capture}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [named])


def keep_dispute(*, provider: str, event: Event, dispute: Dispute, now: datetime) -> None:
    """The same again is kept once. The caller waits for the capture."""
    UnmatchedDispute.objects.get_or_create(
        provider=provider,
        event=event.id,
        defaults={
            "capture": dispute.capture,
            "how": dispute.how,
            "amount": dispute.amount,
            "answer_by": dispute.answer_by,
            "at": event.outcome.at,
            "taken_at": now,
        },
    )


def note_disputes_told_early(*, payment: Payment, now: datetime) -> None:
    """Once its capture is known. `payment`: locked by the caller."""
    wait_for_capture(provider=payment.provider, capture=payment.capture)
    kept = UnmatchedDispute.objects.filter(provider=payment.provider, capture=payment.capture)
    for each in kept.order_by("id"):
        _row, is_new = TakenEvent.objects.get_or_create(
            provider=each.provider,
            event=each.event,
            defaults={"said": Said.OPEN, "payment": payment, "at": each.at, "taken_at": now},
        )
        if is_new:
            dispute = Dispute(
                capture=each.capture, amount=each.amount, how=cast(How, each.how), answer_by=each.answer_by
            )
            note_dispute(payment=payment, dispute=dispute, now=now)
