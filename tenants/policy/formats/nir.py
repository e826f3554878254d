"""The social security number (NIR): 13 characters, and a key of two digits that is checked and dropped.

Sources: décret 82-103 (the number), and the tables of python-stdnum `fr.nir` for its corner cases.
"""

import re

from tenants.policy.formats.refusal import IdentifierRefused, gettext_noop
from tenants.policy.formats.writing import readable, refused_characters, without

_LENGTH, _WITH_KEY = 13, 15
_NIR = re.compile(
    r"[1278]"  # 7 and 8: registered provisionally
    r"\d\d"
    r"(?:0[1-9]|1[0-2]|2\d|3\d|4[0-2]|[5-9]\d)"  # above 12: civil status is incomplete
    r"(?:0[1-9]|[1-9]\d|2[AB])"  # 2A, 2B: Corsica; 97, 98: overseas; 99: born abroad
    r"\d{3}"
    r"(?!000)\d{3}",
    re.ASCII,
)


class NirFormat:
    """The normal form has 13 characters, with or without the key in what was typed."""

    def normalise(self, raw: str) -> str:
        """Raises IdentifierRefused."""
        typed = _bare(raw)
        if not (typed.isascii() and typed.isalnum()):
            raise refused_characters()
        nir, key = typed[:_LENGTH], typed[_LENGTH:]
        if len(typed) not in (_LENGTH, _WITH_KEY):
            raise _wrong_length(len(typed))
        if not _NIR.fullmatch(nir):
            raise IdentifierRefused("format", gettext_noop("Ceci n’est pas un numéro de sécurité sociale."))
        if key and key != f"{nir_key(nir):02d}":
            raise IdentifierRefused(
                "key",
                gettext_noop("La clé ne va pas avec ce numéro de sécurité sociale. Vérifiez les deux."),
            )
        return nir


def with_its_key(raw: str) -> bool:
    """Of what the format takes: whether its last two digits were typed too, and so checked."""
    return len(_bare(raw)) == _WITH_KEY


def _bare(raw: str) -> str:
    return without(readable(raw), ("spaces", "dots", "dashes")).upper()


def _wrong_length(given: int) -> IdentifierRefused:
    return IdentifierRefused(
        "too_short" if given < _WITH_KEY else "too_long",
        gettext_noop(
            "Ce numéro a %(least)d caractères, %(with_key)d avec sa clé. Vous en avez saisi %(given)d."
        ),
        {"least": _LENGTH, "with_key": _WITH_KEY, "given": given},
    )


def nir_key(nir: str) -> int:
    """1 to 97, for the 13 characters: 97 - (number mod 97), where 2A counts as 19 and 2B as 18."""
    return 97 - int(nir.replace("2A", "19").replace("2B", "18")) % 97
