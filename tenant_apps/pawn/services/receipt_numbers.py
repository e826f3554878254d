"""Numbers of the receipts of the counter: one after another, none left out, within a year of the caisse."""

from datetime import date

from tenant_apps.pawn.models import NumberSeries


def next_receipt(*, on: date) -> str:
    """In the transaction of the payment, and the last row that it locks: a rollback gives the number back."""
    series = f"R{on.year % 100:02}"
    NumberSeries.objects.get_or_create(series=series)
    row = NumberSeries.objects.select_for_update().get(series=series)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{series}-{row.last:06}"
