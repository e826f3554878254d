"""Numbers printed on paper: digits, or digits and letters."""

from collections.abc import Collection
from dataclasses import dataclass

from tenants.policy.formats.refusal import Code, IdentifierRefused, gettext_noop
from tenants.policy.formats.writing import readable, refused_characters, without
from tenants.policy.sections.identifier import Around


@dataclass(frozen=True, slots=True)
class DigitsFormat:
    """Digits only, leading zeros kept."""

    min_length: int
    max_length: int
    around: Collection[Around]

    def normalise(self, raw: str) -> str:
        """Raises IdentifierRefused."""
        digits = without(readable(raw), self.around)
        if not (digits.isascii() and digits.isdigit()):
            raise _only_digits() if digits else refused_characters()
        return _of_length(digits, self.min_length, self.max_length, _DIGITS)


@dataclass(frozen=True, slots=True)
class ClientNumberFormat:
    """Digits, and letters where the caisse has them: always capital in the normal form."""

    min_length: int
    max_length: int
    around: Collection[Around]
    letters: bool

    def normalise(self, raw: str) -> str:
        """Raises IdentifierRefused."""
        if not self.letters:
            return DigitsFormat(self.min_length, self.max_length, self.around).normalise(raw)
        number = without(readable(raw), self.around)
        if not (number.isascii() and number.isalnum()):
            raise refused_characters()
        return _of_length(number.upper(), self.min_length, self.max_length, _CHARACTERS)


def _only_digits() -> IdentifierRefused:
    return IdentifierRefused("characters", gettext_noop("Cet identifiant ne contient que des chiffres."))


def _of_length(number: str, least: int, most: int, sentences: tuple[str, str, str]) -> str:
    if least <= len(number) <= most:
        return number
    code: Code = "too_short" if len(number) < least else "too_long"
    one, either, between = sentences
    message = one if least == most else either if most == least + 1 else between
    raise IdentifierRefused(code, message, {"least": least, "most": most, "given": len(number)})


# One length, either of two, and any between two.
_DIGITS = (
    gettext_noop("Cet identifiant a %(least)d chiffres. Vous en avez saisi %(given)d."),
    gettext_noop("Cet identifiant a %(least)d ou %(most)d chiffres. Vous en avez saisi %(given)d."),
    gettext_noop("Cet identifiant a de %(least)d à %(most)d chiffres. Vous en avez saisi %(given)d."),
)
_CHARACTERS = (
    gettext_noop("Cet identifiant a %(least)d caractères. Vous en avez saisi %(given)d."),
    gettext_noop("Cet identifiant a %(least)d ou %(most)d caractères. Vous en avez saisi %(given)d."),
    gettext_noop("Cet identifiant a de %(least)d à %(most)d caractères. Vous en avez saisi %(given)d."),
)
