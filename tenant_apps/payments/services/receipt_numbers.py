"""Numbers of receipts: one after another, none left out, within a year of the caisse."""

from datetime import datetime

from django.utils import timezone

from tenant_apps.payments.models import ReceiptYear


def next_receipt(*, at: datetime) -> str:
    """In the transaction of the capture, and the last row that it locks: a rollback gives the number back."""
    year = timezone.localdate(at).year
    ReceiptYear.objects.get_or_create(year=year)
    row = ReceiptYear.objects.select_for_update().get(year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{year}-{row.last:06}"
