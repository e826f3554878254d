"""One form for each identifier: case, width and what is printed around never make two people of one.

The normal form is what the lockout counts and what the blind index digests.
"""

from typing import Protocol

from tenants.policy.formats.email import EmailFormat
from tenants.policy.formats.nir import NirFormat
from tenants.policy.formats.printed import ClientNumberFormat, DigitsFormat
from tenants.policy.formats.refusal import IdentifierRefused, gettext_noop
from tenants.policy.formats.writing import readable
from tenants.policy.sections.identifier import (
    ClientNumberIdentifier,
    DigitsIdentifier,
    EmailIdentifier,
    EmailOrClientNumberIdentifier,
    IdentifierSection,
)

__all__ = ["IdentifierFormat", "IdentifierRefused", "format_of"]


_NEITHER = gettext_noop(
    "Tapez votre adresse e-mail en entier, avec son @, ou votre numéro de client en entier."
)


class IdentifierFormat(Protocol):
    """Any text may come in; what comes out is ASCII, but for the local part of an e-mail address."""

    def normalise(self, raw: str) -> str:
        """Idempotent. Raises IdentifierRefused."""


class EmailOrClientNumberFormat:
    """Told apart by the @ sign, which no client number has."""

    def __init__(self, number: ClientNumberFormat) -> None:
        self._email = EmailFormat()
        self._number = number

    def normalise(self, raw: str) -> str:
        if "@" in readable(raw):
            return self._email.normalise(raw)
        try:
            return self._number.normalise(raw)
        except IdentifierRefused as error:
            # Half an address is no number of the wrong length.
            if error.code == "empty":
                raise
            raise IdentifierRefused(error.code, _NEITHER) from None


def format_of(rules: IdentifierSection) -> IdentifierFormat:
    """The format of the policy's identifier section."""
    match rules:
        case DigitsIdentifier():
            return DigitsFormat(rules.min_length, rules.max_length, rules.printed_around)
        case ClientNumberIdentifier():
            return ClientNumberFormat(rules.min_length, rules.max_length, rules.printed_around, rules.letters)
        case EmailIdentifier():
            return EmailFormat()
        case EmailOrClientNumberIdentifier():
            number = ClientNumberFormat(
                rules.min_length, rules.max_length, rules.printed_around, rules.letters
            )
            return EmailOrClientNumberFormat(number)
        case _:
            return NirFormat()
