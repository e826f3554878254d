"""The dark scheme of a mail: rules that find its elements by the light colours in their `style`.

Mail programs drop classes more readily than styles, so the light scheme stands in each element. A program that reads
these rules goes dark as the caisse's screens do.
"""

from collections.abc import Iterator, Mapping

from django.utils.safestring import SafeString, mark_safe

from tenants.brand import Colour

_GROUNDS = ("page", "accent-soft", "surface", "accent")
_WORDS = ("muted", "accent", "ink")
_EDGES = ("line", "muted", "accent")
Tokens = Mapping[str, Colour]


def dark_rules(light: Tokens, dark: Tokens) -> SafeString:
    """Made of colours alone."""
    rules = "".join(_rules(light, dark))
    return mark_safe(f"@media (prefers-color-scheme:dark){{{rules}}}")  # noqa: S308  # `Colour` writes # and six digits, nothing else


def _rules(light: Tokens, dark: Tokens) -> Iterator[str]:
    for name in _GROUNDS:
        yield f'[style*="background:{light[name]}"]{{background:{dark[name]}!important}}'
    for name in _WORDS:
        yield f'[style*="color:{light[name]}"]{{color:{dark[name]}!important}}'
    for name in _EDGES:
        yield f'[style*="solid {light[name]}"]{{border-color:{dark[name]}!important}}'
    # Words on the accent may have the colour of other words: these two are told apart by their ground.
    yield (
        f'[style*="background:{light["accent"]}"][style*="color:{light["on-accent"]}"]'
        f"{{color:{dark['on-accent']}!important}}"
    )
