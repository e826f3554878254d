"""A theme's drawing as a file of its own, in the colours of a brand."""

import re
from collections.abc import Mapping

from tenants.brand.palette import palettes
from tenants.brand.theme import Theme, Tokens

_READ = re.compile(r"var\(--([a-z-]+)\)")
_HEAD = re.compile(r"<svg\b[^>]*>")


def picture(theme: Theme, overrides: Mapping[str, str]) -> str:
    """An image reads nothing of the page around it, so the colours that the drawing names are written into it.

    Raises InvalidThemeError, UnknownOverrideError or InvalidColourError.
    """
    drawing, palette = theme.drawing, palettes(theme, overrides)
    named = sorted(set(_READ.findall(drawing)))
    style = (
        f"<style>:root{{{_properties(palette.light, named)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_properties(palette.dark, named)}}}}}</style>"
    )
    return _HEAD.sub(lambda head: head[0] + style, drawing, count=1)


def _properties(tokens: Tokens, named: list[str]) -> str:
    return "".join(f"--{name}:{tokens[name]};" for name in named)
