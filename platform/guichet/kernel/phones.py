"""Mobile numbers of France, its overseas departments and its overseas territories, from what a person typed.

The overseas departments are dialled like the mainland, `0692 12 34 56`, and have country codes of their own. The
territories (Saint-Pierre-et-Miquelon, New Caledonia, Polynesia, Wallis and Futuna) have short numbers that could be
anything: they are taken with their country code only, `+687 75 12 34`.
"""

import unicodedata
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from guichet.kernel.formatting import NO_BREAK, phone

Why = Literal["not_a_number", "not_french", "not_a_mobile"]

LONGEST = 40
MAINLAND = "FR"
DEPARTMENTS = ("RE", "GP", "MQ", "GF", "YT")
# Saint-Barthélemy and Saint-Martin share the code of Guadeloupe.
TERRITORIES = ("PM", "NC", "PF", "WF", "BL", "MF")
FICTION = "+3363998"
"""06 39 98 xx xx is kept by ARCEP for works of fiction; libphonenumber knows no such number."""
_FICTION_LENGTH = len("+33639981234")
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class PhoneRefusedError(ValueError):
    """`why` is for the programme; the form says it to the person."""

    def __init__(self, why: Why) -> None:
        self.why: Why = why
        super().__init__(why)


def french_mobile(raw: str, *, fiction: bool) -> str:
    """E.164, for instance `+33612345678`. `fiction` lets the numbers of fiction pass. Raises PhoneRefusedError."""
    if len(raw) > LONGEST:
        raise PhoneRefusedError("not_a_number")
    typed = unicodedata.normalize("NFKC", raw)
    readings = [found for region in (MAINLAND, *DEPARTMENTS) if (found := _read(typed, region)) is not None]
    if not readings:
        raise PhoneRefusedError("not_a_number")
    mainland = _e164(readings[0])
    if fiction and mainland.startswith(FICTION) and len(mainland) == _FICTION_LENGTH:
        return mainland
    real = [found for found in readings if phonenumbers.is_valid_number(found)]
    if not real:
        raise PhoneRefusedError("not_a_number")
    french = [found for found in real if phonenumbers.region_code_for_number(found) in _FRENCH]
    if not french:
        raise PhoneRefusedError("not_french")
    if phonenumbers.number_type(french[0]) not in _MOBILE:
        raise PhoneRefusedError("not_a_mobile")
    return _e164(french[0])


def written(number: str) -> str:
    """An E.164 number as it is read out: `06 12 34 56 78`, `+262 692 12 34 56`."""
    here = phone(number)
    read = None if here != number else _read(number, MAINLAND)
    if read is None:
        return here
    return phonenumbers.format_number(read, PhoneNumberFormat.INTERNATIONAL).replace(" ", NO_BREAK)


_FRENCH = frozenset((MAINLAND, *DEPARTMENTS, *TERRITORIES))


def _read(typed: str, region: str) -> PhoneNumber | None:
    try:
        found: PhoneNumber = phonenumbers.parse(typed, region)
    except NumberParseException:
        return None
    # « poste 12 » and words after the number: a code would not reach an extension.
    return None if found.extension else found


def _e164(number: PhoneNumber) -> str:
    text: str = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return text
