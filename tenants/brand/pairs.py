"""What lies on what: every pair of colours that a component puts together, with the ratio it must keep."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from tenants.brand.colour import contrast
from tenants.brand.palette import SHAPES, TEXT, palettes
from tenants.brand.theme import Theme, Tokens

Scheme = Literal["light", "dark"]

_TEXTS = (
    ("ink", "page"),
    ("ink", "surface"),
    ("ink", "accent-soft"),
    ("ink", "good-soft"),
    ("ink", "warn-soft"),
    ("ink", "bad-soft"),
    ("muted", "page"),
    ("muted", "surface"),
    ("accent", "page"),
    ("accent", "surface"),
    ("accent", "accent-soft"),
    ("accent-strong", "page"),
    ("accent-strong", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("second", "page"),
    ("second", "surface"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
    ("bad", "page"),
    ("bad", "surface"),
    ("on-panel", "panel"),
    ("on-panel", "panel-end"),
    ("panel-muted", "panel"),
    ("panel-muted", "panel-end"),
    ("panel-accent", "panel"),
    ("panel-accent", "panel-end"),
    ("on-bar", "bar"),
    ("bar-accent", "bar"),
)
_SHAPES = (("field-line", "surface"), ("field-line", "page"))


class Pair(NamedTuple):
    scheme: Scheme
    foreground: str
    background: str
    foreground_colour: str
    background_colour: str
    ratio: float
    required: float

    @property
    def holds(self) -> bool:
        return self.ratio >= self.required


def pairs(theme: Theme, overrides: Mapping[str, str]) -> list[Pair]:
    """Every pair in both schemes. Raises UnknownOverrideError or InvalidColourError."""
    palette = palettes(theme, overrides)
    return [*_measure("light", palette.light), *_measure("dark", palette.dark)]


def weak_pairs(theme: Theme, overrides: Mapping[str, str]) -> list[Pair]:
    """The pairs under their ratio: an empty list is what a policy needs to be published."""
    return [pair for pair in pairs(theme, overrides) if not pair.holds]


def _measure(scheme: Scheme, tokens: Tokens) -> Iterator[Pair]:
    for required, table in ((TEXT, _TEXTS), (SHAPES, _SHAPES)):
        for foreground, background in table:
            above, below = tokens[foreground], tokens[background]
            yield Pair(
                scheme=scheme,
                foreground=foreground,
                background=background,
                foreground_colour=str(above),
                background_colour=str(below),
                ratio=contrast(above, below),
                required=required,
            )
