"""From what a person typed or pasted to marks that can be compared."""

import unicodedata
from collections.abc import Collection

from tenants.policy.formats.refusal import IdentifierRefused, gettext_noop
from tenants.policy.sections.identifier import Around

LONGEST = 254
_MINUS = "\u2212"
_DOTS = ".·"
_SPACES = "\t\n\r"


def readable(raw: str) -> str:
    """NFKC, without blanks at the ends nor the invisible marks that come with pasted text.

    Raises IdentifierRefused: `empty`, `too_long` (before any work is done on it) or `characters`.
    """
    if len(raw) > LONGEST:
        raise IdentifierRefused("too_long", gettext_noop("Cet identifiant est trop long."))
    text = "".join(mark for mark in unicodedata.normalize("NFKC", raw) if unicodedata.category(mark) != "Cf")
    text = text.strip()
    if not text:
        raise IdentifierRefused("empty", gettext_noop("Saisissez votre identifiant."))
    if any(unicodedata.category(mark).startswith("C") and mark not in _SPACES for mark in text):
        raise refused_characters()
    return text


def without(text: str, around: Collection[Around]) -> str:
    """`text` less what is tolerated between the characters of a printed number."""
    return "".join(mark for mark in text if _class_of(mark) not in around)


def refused_characters() -> IdentifierRefused:
    return IdentifierRefused(
        "characters", gettext_noop("Cet identifiant contient un caractère qui ne peut pas y être.")
    )


def _class_of(mark: str) -> Around | None:
    if mark.isspace():
        return "spaces"
    if mark in _DOTS:
        return "dots"
    if mark == _MINUS or unicodedata.category(mark) == "Pd":
        return "dashes"
    return "slashes" if mark == "/" else None
