"""Numbers of what the counter gives for money, by who paid: one after another, none left out, within a year."""

from datetime import date

from tenant_apps.pawn.models import NumberSeries

RECEIVED, BONI = "R", "B"
"""What each begins with: a receipt for the client, and what the client signs for a boni."""


def next_receipt(*, on: date, letter: str) -> str:
    """In the transaction of the payment, and the last row that it locks: a rollback gives the number back."""
    series = f"{letter}{on.year % 100:02}"
    NumberSeries.objects.get_or_create(series=series)
    row = NumberSeries.objects.select_for_update().get(series=series)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{series}-{row.last:06}"
