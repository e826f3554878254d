"""Names folded for sorting and searching."""

import re
import unicodedata

_APART = re.compile(r"[^a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


def folded(text: str) -> str:
    """Small letters without accents, words apart by one space: « D’Œillé-Lefèvre » gives `d oeille lefevre`."""
    small = text.casefold().translate(_LIGATURES)
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", small) if not unicodedata.combining(letter)
    )
    return _APART.sub(" ", plain).strip()
