"""What a new password must have, and how soon it would be guessed."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal, Protocol

RuleKind = Literal["length", "special", "digits", "upper", "lower"]
Strength = Literal["weak", "fair", "strong"]

# A part of a name shorter than this is in many words.
_SHORTEST_NAME = 4
_FAIR, _STRONG = 45, 70
_LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")
_DATES = ("%d%m%Y", "%Y%m%d", "%d%m%y", "%m%d%Y")
_NOT_LETTERS_AROUND = re.compile(r"^[^a-z]+|[^a-z]+$")


class Rules(Protocol):
    """The password part of a policy."""

    @property
    def min_length(self) -> int: ...
    @property
    def min_special(self) -> int: ...
    @property
    def min_digits(self) -> int: ...
    @property
    def min_upper(self) -> int: ...
    @property
    def min_lower(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Requirement:
    """At least so many of a kind of mark."""

    kind: RuleKind
    least: int

    def count(self, password: str) -> int:
        """How many the password has."""
        if self.kind == "length":
            return len(password)
        return sum(kind_of(mark) == self.kind for mark in password)


def requirements(rules: Rules) -> list[Requirement]:
    """Those that ask for something, the length first."""
    asked = [
        Requirement("length", rules.min_length),
        Requirement("special", rules.min_special),
        Requirement("digits", rules.min_digits),
        Requirement("upper", rules.min_upper),
        Requirement("lower", rules.min_lower),
    ]
    return [each for each in asked if each.least]


def kind_of(mark: str) -> RuleKind | None:
    """A letter without a size, as of another script, is of no kind, nor is an accent set apart from its letter."""
    category = unicodedata.category(mark)
    if category == "Lu":
        return "upper"
    if category == "Ll":
        return "lower"
    if category.startswith("N"):
        return "digits"
    return None if category[0] in "LM" else "special"


def says(password: str, *, words: Iterable[str], birth_date: date | None) -> bool:
    """Whether it holds a name, an identifier or the birth date of its owner."""
    plain = plain_text(password)
    personal = {part for word in words for part in _parts(word)}
    if birth_date is not None:
        personal |= {birth_date.strftime(form) for form in _DATES}
    return any(part in plain for part in personal)


def guesses(password: str) -> Iterator[str]:
    """The words that a list of common passwords may know it by: « M0tdepasse-2026! » is « motdepasse »."""
    small = password.casefold()
    yield small
    plain = _without_accents(small)
    yield plain
    bare = _NOT_LETTERS_AROUND.sub("", plain)
    yield bare
    yield bare.translate(_LOOKALIKES)
    yield _NOT_LETTERS_AROUND.sub("", plain.translate(_LOOKALIKES))


def is_monotonous(password: str) -> bool:
    """Half of it or more only repeats or counts on from the mark before: aaaa, abcd, 4321."""
    return _surprises(password) * 2 <= len(password)


def strength(password: str) -> Strength:
    """An estimate that flatters nobody: marks that follow from the one before count for nothing."""
    kinds = {kind_of(mark) for mark in password}
    sizes = {"lower": 26, "upper": 26, "digits": 10, "special": 33, None: 26}
    pool = sum(size for kind, size in sizes.items() if kind in kinds)
    bits = _surprises(password) * math.log2(pool) if pool else 0.0
    if bits < _FAIR:
        return "weak"
    return "fair" if bits < _STRONG else "strong"


def plain_text(text: str) -> str:
    """Small letters and digits, without accents or anything between them."""
    return "".join(mark for mark in _without_accents(text.casefold()) if mark.isalnum())


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in apart if not unicodedata.combining(mark))


def _parts(word: str) -> Iterator[str]:
    for part in re.split(r"[\s'’-]+", word):
        plain = plain_text(part)
        if len(plain) >= _SHORTEST_NAME:
            yield plain


def _surprises(password: str) -> int:
    """How many marks are not one step or none away from the mark before."""
    steps = pairwise(password)
    return bool(password) + sum(abs(ord(after) - ord(before)) > 1 for before, after in steps)
