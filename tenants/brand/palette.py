"""Every colour of a caisse's screens, in both schemes: the theme's, the caisse's, and what follows."""

from collections.abc import Mapping
from typing import NamedTuple

from tenants.brand.colour import BLACK, WHITE, Colour, contrast, readable_on
from tenants.brand.theme import Panel, Theme, Tokens

TEXT = 4.5
"""WCAG 2.2, 1.4.3: the ratio of text."""
SHAPES = 3.0
"""WCAG 2.2, 1.4.11: the ratio of a field's border."""

OVERRIDABLE = ("accent", "page", "ink")
_OF_PANEL = frozenset(("panel", "panel-end", "on-panel", "panel-muted", "panel-accent"))
_OF_ACCENT = frozenset(("on-accent", "accent-strong", "accent-soft", "second", "edge-colour")) | _OF_PANEL
_OF_PAPER = frozenset(("muted", "line", "field-line", "edge-colour"))
_TEXT_WITH_ROOM = 4.7


class UnknownOverrideError(ValueError):
    """A caisse may set its accent, its page and its ink, nothing else."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(f"a caisse sets {', '.join(OVERRIDABLE)}; unknown: {', '.join(sorted(names))}")


class Palette(NamedTuple):
    """Token name to colour, for each scheme."""

    light: Tokens
    dark: Tokens


def palettes(theme: Theme, overrides: Mapping[str, str]) -> Palette:
    """Raises UnknownOverrideError or InvalidColourError.

    A caisse gives its colours for the light scheme. An accent of its own also replaces the dark one,
    lightened until it reads; page and ink stay the theme's in the dark.
    """
    own = _own(overrides)
    light = _without(theme.light, own) | own
    dark = dict(theme.dark)
    if "accent" in own:
        dark = _without(theme.dark, {"accent": own["accent"]})
        dark["accent"] = readable_on(own["accent"], [dark["page"], dark["surface"]], _TEXT_WITH_ROOM + 1.5)
    return Palette(
        light=_complete(light, panel=theme.panel, deep=light["accent"]),
        dark=_complete(dark, panel=theme.panel, deep=light["accent"]),
    )


def _own(overrides: Mapping[str, str]) -> dict[str, Colour]:
    unknown = set(overrides) - set(OVERRIDABLE)
    if unknown:
        raise UnknownOverrideError(unknown)
    return {token: Colour.parse(value) for token, value in overrides.items()}


def _without(tokens: Tokens, own: Mapping[str, Colour]) -> dict[str, Colour]:
    """The theme's colours, less those that were chosen to sit beside a colour now replaced."""
    stale: frozenset[str] = frozenset()
    if "accent" in own:
        stale |= _OF_ACCENT
    if "page" in own or "ink" in own:
        stale |= _OF_PAPER | _OF_PANEL
    return {token: colour for token, colour in tokens.items() if token not in stale}


def _complete(chosen: Mapping[str, Colour], *, panel: Panel, deep: Colour) -> Tokens:
    """Fill what was not chosen. `deep` is the light scheme's accent, from which a full panel is made."""
    paper = _paper(chosen)
    tokens = paper | _accents(paper)
    tokens = (_full_panel(tokens, deep) if panel == "full" else _soft_panel(tokens)) | tokens
    return tokens | _bar(tokens, panel)


def _bar(tokens: Mapping[str, Colour], panel: Panel) -> dict[str, Colour]:
    """The bar over the signed-in pages is of the panel's stuff where that is a full colour, else plain."""
    ground, words, accent = (
        ("panel", "on-panel", "panel-accent") if panel == "full" else ("surface", "ink", "accent")
    )
    return {"bar": tokens[ground], "on-bar": tokens[words], "bar-accent": tokens[accent]}


def _paper(chosen: Mapping[str, Colour]) -> dict[str, Colour]:
    ink, page, surface = chosen["ink"], chosen["page"], chosen["surface"]
    made = {
        "muted": readable_on(ink.mix(page, 0.34), [page, surface], _TEXT_WITH_ROOM),
        "line": page.mix(ink, 0.13),
        "field-line": readable_on(ink.mix(surface, 0.42), [page, surface], SHAPES),
    }
    return made | dict(chosen)


def _accents(chosen: Mapping[str, Colour]) -> dict[str, Colour]:
    accent, surface = chosen["accent"], chosen["surface"]
    made = {
        "on-accent": _plain_on(accent, chosen),
        "accent-strong": accent.mix(chosen["ink"], 0.25),
        "accent-soft": _soft(accent, surface),
        "second": accent,
        "edge-colour": chosen["line"],
    }
    return made | dict(chosen)


def _plain_on(accent: Colour, chosen: Mapping[str, Colour]) -> Colour:
    return max(
        (WHITE, chosen["ink"], chosen["page"], BLACK),
        key=lambda colour: (
            contrast(colour, accent) >= TEXT,
            colour == WHITE,
            contrast(colour, accent),
        ),
    )


def _soft(accent: Colour, surface: Colour) -> Colour:
    """The deepest tint on which the accent itself can still be read."""
    for percent in range(14, 0, -1):
        tint = surface.mix(accent, percent / 100)
        if contrast(accent, tint) >= TEXT:
            return tint
    return surface


def _soft_panel(tokens: Mapping[str, Colour]) -> dict[str, Colour]:
    panel = tokens.get("panel", tokens["accent-soft"])
    end = tokens.get("panel-end", panel.mix(tokens["accent"], 0.12))
    grounds = [panel, end]
    return {
        "panel": panel,
        "panel-end": end,
        "on-panel": readable_on(tokens["ink"], grounds, 7),
        "panel-muted": readable_on(tokens["muted"], grounds, _TEXT_WITH_ROOM),
        "panel-accent": readable_on(tokens["accent"], grounds, _TEXT_WITH_ROOM),
    }


def _full_panel(tokens: Mapping[str, Colour], deep: Colour) -> dict[str, Colour]:
    ground = tokens.get("panel", deep.at_lightness(min(deep.lightness, 0.36)))
    end = tokens.get("panel-end", ground.at_lightness(ground.lightness * 0.8))
    grounds = [ground, end]
    return {
        "panel": ground,
        "panel-end": end,
        "on-panel": readable_on(ground.at_lightness(0.97, 0.2), grounds, 7),
        "panel-muted": readable_on(ground.at_lightness(0.86, 0.4), grounds, _TEXT_WITH_ROOM),
        "panel-accent": readable_on(tokens["second"], grounds, _TEXT_WITH_ROOM),
    }
