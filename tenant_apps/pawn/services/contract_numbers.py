"""Numbers of contracts, as the caisse writes them."""

from datetime import date

from tenant_apps.pawn.models import Contract, NumberSeries
from tenants.policy.sections.pawn import PawnSection


def locked_series(*, on: date, pawn: PawnSection) -> NumberSeries:
    """Whoever opens a contract of the same series waits here. A series is a year where the number says the year."""
    by_year = "{yy" in pawn.number_format
    series = str(on.year) if by_year else ""
    NumberSeries.objects.get_or_create(series=series)
    return NumberSeries.objects.select_for_update().get(series=series)


def next_number(*, series: NumberSeries, on: date, pawn: PawnSection) -> str:
    """One that no contract has, be it mirrored. A rollback gives it back."""
    while True:
        series.last += 1
        number = number_of(rank=series.last, on=on, pawn=pawn)
        if not Contract.objects.filter(number=number).exists():
            series.save(update_fields=["last"])
            return number


def number_of(*, rank: int, on: date, pawn: PawnSection) -> str:
    written = pawn.number_format.replace("{yyyy}", f"{on.year}").replace("{yy}", f"{on.year % 100:02}")
    return written.replace("{n}", f"{rank:0{pawn.number_digits}}")
