"""The brand stylesheet: nothing but custom properties, which the components read."""

import hashlib
from collections.abc import Mapping

from tenants.brand.palette import palettes
from tenants.brand.theme import Theme, Tokens


def stylesheet(theme: Theme, overrides: Mapping[str, str]) -> str:
    """The same theme and overrides always give the same text, so its digest can name it for ever.

    Raises UnknownOverrideError or InvalidColourError.
    """
    palette = palettes(theme, overrides)
    shape = "".join(f"--{name}:{value};" for name, value in sorted(theme.shape.items()))
    light, dark = _properties(palette.light), _properties(palette.dark)
    return (
        f":root{{color-scheme:light dark;{shape}{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}--shadow:none;}}}}\n"
    )


def digest(css: str) -> str:
    """Sixteen hexadecimal digits: enough to tell versions apart; it protects nothing."""
    return hashlib.sha256(css.encode()).hexdigest()[:16]


def _properties(tokens: Tokens) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in sorted(tokens.items()))
