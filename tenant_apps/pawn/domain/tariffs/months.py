"""Months, half-months and days between two dates.

The day of the loan is not counted, the day of payment is: from 15 January to 15 February is one month, to the 16th two
started ones.
"""

from calendar import monthrange
from datetime import date, timedelta

MONTHS_A_YEAR = 12
HALF_MONTH = timedelta(days=15)


def add_months(start: date, months: int) -> date:
    """The same day of the month, or the last one where the month is too short: 31 January gives 28 February."""
    years, month = divmod(start.month - 1 + months, MONTHS_A_YEAR)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def started_months(start: date, end: date) -> int:
    if end <= start:
        return 0
    months = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month
    # Whole months by the calendar may be one too many or one too few: `start` may be a 31st.
    return months + 1 if end > add_months(start, months) else months


def started_half_months(start: date, end: date) -> int:
    """A month has two halves: its first fifteen days, and the rest."""
    months = started_months(start, end)
    if months == 0:
        return 0
    half = add_months(start, months - 1) + HALF_MONTH
    return 2 * months if end > half else 2 * months - 1


def days(start: date, end: date) -> int:
    return max((end - start).days, 0)
