"""Names folded for sorting and searching, and what people typed made fit to be shown."""

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


def visible(text: str) -> str:
    """On one line, without the invisible marks that come with pasted text, or turn a line of the journal around."""
    spaced = (" " if mark.isspace() else mark for mark in unicodedata.normalize("NFC", text))
    return " ".join("".join(mark for mark in spaced if unicodedata.category(mark)[0] != "C").split())
