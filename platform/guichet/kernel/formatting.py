"""How sums, dates, phones and lengths of time are written, in French and in English.

French follows the Imprimerie nationale: a narrow no-break space between thousands, a no-break space
before the unit. Nothing here may wrap between a number and what it counts.
"""

import re
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from guichet.kernel.money import Money

Language = Literal["fr", "en"]
Unit = Literal["day", "hour", "minute", "second"]

NARROW = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"

_CENT = Decimal("0.01")
_MONTHS: dict[Language, tuple[str, ...]] = {
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_TWO_DAYS = 2 * 86_400
_SECONDS: tuple[tuple[Unit, int], ...] = (
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
)
_FRENCH_PHONE = re.compile(r"(?:\+33|0033|0)([1-9]\d{8})", re.ASCII)
_PHONE_SEPARATORS = re.compile(r"[\s.\-()\u00a0\u202f]")


def euros(amount: Money | Decimal, language: Language) -> str:
    """`1 234,56 €` or `€1,234.56`. A float is refused: no sum of money is one."""
    if not isinstance(amount, Money | Decimal):
        raise TypeError(f"a sum is Money or a Decimal, not {type(amount).__name__}")
    plain = amount.euros if isinstance(amount, Money) else amount
    exact = plain.quantize(_CENT, rounding=ROUND_HALF_UP)
    sign = MINUS if exact < 0 else ""
    written = f"{abs(exact):,.2f}"
    if language == "en":
        return f"{sign}€{written}"
    return f"{sign}{_french(written)}{NO_BREAK}€"


def decimal_number(number: Decimal, language: Language) -> str:
    """As many decimals as the number says, in thousands groups: `1 234,5`."""
    written = f"{abs(number):,}"
    sign = MINUS if number < 0 else ""
    return sign + (written if language == "en" else _french(written))


def date_long(day: date, language: Language) -> str:
    """`1er mai 2026`, `21 octobre 2026`, `21 October 2026`."""
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number}{NO_BREAK}{_MONTHS[language][day.month - 1]} {day.year}"


def date_short(day: date) -> str:
    """`21/10/2026` in both languages: for tables only, the day first as everywhere else."""
    return f"{day:%d/%m/%Y}"


def time_short(moment: time, language: Language) -> str:
    """`18 h 42` or `18:42`. The caller has already chosen the time zone."""
    if language == "en":
        return f"{moment:%H:%M}"
    return f"{moment.hour}{NO_BREAK}h{NO_BREAK}{moment:%M}"


def phone(number: str) -> str:
    """A French number in pairs, `06 39 98 12 34`; any other comes back as it is."""
    match = _FRENCH_PHONE.fullmatch(_PHONE_SEPARATORS.sub("", number))
    if match is None:
        return number
    digits = "0" + match[1]
    return NO_BREAK.join(digits[start : start + 2] for start in range(0, 10, 2))


def phone_address(number: str) -> str:
    """What follows `tel:` in a link."""
    bare = _PHONE_SEPARATORS.sub("", number)
    match = _FRENCH_PHONE.fullmatch(bare)
    return f"+33{match[1]}" if match else bare


def duration_units(length: timedelta) -> list[tuple[int, Unit]]:
    """The two largest units, a part of a second counting as one: a wait is never said too short.

    Days begin at two: the field says "24 heures".
    """
    left = -((-length) // timedelta(seconds=1))
    if left < 0:
        raise ValueError("a length of time is not negative")
    units = _SECONDS[1:] if left < _TWO_DAYS else _SECONDS
    parts: list[tuple[int, Unit]] = []
    for unit, seconds in units:
        count, left = divmod(left, seconds)
        if count:
            parts.append((count, unit))
    return parts[:2] or [(0, "second")]


def grouped(identifier: str) -> str:
    """Digits by four, to be compared with a printed contract; anything but digits comes back as it is."""
    if not (identifier.isascii() and identifier.isdigit()):
        return identifier
    return NARROW.join(identifier[start : start + 4] for start in range(0, len(identifier), 4))


def _french(written: str) -> str:
    return written.replace(",", NARROW).replace(".", ",")
