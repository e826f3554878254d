"""How a caisse looks: a theme's tokens, a caisse's own colours over them, and one stylesheet out of both.

Colours are computed here rather than by the browser: an old phone knows no `color-mix()`,
and the checks of a policy can then measure exactly what a client will see.
"""

from tenants.brand.colour import Colour, InvalidColourError, contrast
from tenants.brand.pairs import Pair, pairs, weak_pairs
from tenants.brand.palette import OVERRIDABLE, Palette, UnknownOverrideError, palettes
from tenants.brand.picture import picture
from tenants.brand.stylesheet import digest, stylesheet
from tenants.brand.theme import InvalidThemeError, Menu, Theme, UnknownThemeError, load_theme, theme_names

__all__ = [
    "OVERRIDABLE",
    "Colour",
    "InvalidColourError",
    "InvalidThemeError",
    "Menu",
    "Pair",
    "Palette",
    "Theme",
    "UnknownOverrideError",
    "UnknownThemeError",
    "contrast",
    "digest",
    "load_theme",
    "pairs",
    "palettes",
    "picture",
    "stylesheet",
    "theme_names",
    "weak_pairs",
]
