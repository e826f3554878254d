"""Numbers printed on paper: what is between the groups makes no other number."""

import re

_NOT_BARE = re.compile(r"[^0-9A-Z]+")


def bare(text: str) -> str:
    """Digits and capital letters alone: « c-20 417 » gives `C20417`."""
    return _NOT_BARE.sub("", text.upper())
