"""The alphabet of an SMS: one sign outside it halves what a message holds, and doubles its price."""

import unicodedata

# 3GPP TS 23.038: the basic table, then its extension, whose signs count for two.
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"

_PLAIN = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u2026": "...",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u00ab": '"',
        "\u00bb": '"',
        "œ": "oe",
        "Œ": "OE",
        "ç": "c",
    }
)


def to_gsm(text: str) -> str:
    """The same words in the alphabet of an SMS: `Nîmes` becomes `Nimes`, a no-break space a space."""
    return "".join(_sign(sign) for sign in text.translate(_PLAIN))


def _sign(sign: str) -> str:
    if sign in _BASIC or sign in _EXTENSION:
        return sign
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    known = "".join(part for part in bare if part in _BASIC)
    return known or "?"
