"""French spacing for sentences that are built from parts."""

import re

NARROW, NO_BREAK = "\u202f", "\u00a0"
_BEFORE = re.compile(r" (?=[:;?!»])")
# « 9 h 30 » is one word to the eye.
_HOURS = re.compile(r"(?<=\d) h\b(?: (?=\d\d\b))?")
_AFTER = re.compile(r"(?<=«) ")


def french(text: str) -> str:
    """A narrow no-break space before : ; ? ! and inside « », where a plain one was typed."""
    return _AFTER.sub(NARROW, _BEFORE.sub(NARROW, text))


def unbroken_hours(text: str) -> str:
    """« 9 h 30 » stays on one line."""
    return _HOURS.sub(lambda hours: hours[0].replace(" ", NO_BREAK), text)
