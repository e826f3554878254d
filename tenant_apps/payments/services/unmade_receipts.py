"""Captured payments whose receipt no job has made: a lost nudge, a killed worker."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from tenant_apps.documents.models import Document
from tenant_apps.payments.domain.states import CAPTURED
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services.receipts import RECEIPT

# Those of before were looked at in their time.
WITHIN = timedelta(days=7)


def unmade_receipts(*, now: datetime, limit: int) -> list[UUID]:
    made = Document.objects.filter(kind=RECEIPT, about=OuterRef("uuid"))
    lately = Payment.objects.filter(state__in=CAPTURED, captured_at__gt=now - WITHIN, closed_at__lte=now)
    return list(lately.filter(~Exists(made)).order_by("id").values_list("uuid", flat=True)[:limit])
