"""One colour, as #rrggbb: parse, mix, lighten, and the contrast ratio of WCAG 2.2."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_HEX = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_CUBE_ROOT = 1 / 3
_LINEAR_UP_TO = 0.04045  # the straight part of the sRGB curve, IEC 61966-2-1
_LINEAR_SLOPE = 12.92
_MIDDLE = 0.179  # the luminance on which black and white read equally well


class InvalidColourError(ValueError):
    """The text is not `#` and six hexadecimal digits."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a colour such as #B4430B: {text!r}")


class Colour(NamedTuple):
    """sRGB, 0 to 255 each."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> "Colour":
        """Only `#rrggbb` is taken: the text ends up in a stylesheet, so nothing else may pass."""
        if not _HEX.fullmatch(text):
            raise InvalidColourError(text)
        return cls(int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def linear(self) -> tuple[float, float, float]:
        red, green, blue = (_to_linear(channel / 255) for channel in self)
        return red, green, blue

    @property
    def luminance(self) -> float:
        """Relative luminance as WCAG 2.2 defines it: 0 for black, 1 for white."""
        red, green, blue = self.linear
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def mix(self, other: "Colour", share: float) -> "Colour":
        """`share` is the part of `other`, 0 to 1."""
        red, green, blue = (
            round(mine + (theirs - mine) * share) for mine, theirs in zip(self, other, strict=True)
        )
        return Colour(red, green, blue)

    @property
    def lightness(self) -> float:
        """Perceived lightness (the L of OKLab), 0 to 1."""
        return _oklab(self)[0]

    def at_lightness(self, lightness: float, chroma: float = 1.0) -> "Colour":
        """The same hue at another perceived lightness; `chroma` multiplies its vividness."""
        _, a, b = _oklab(self)
        return _from_oklab(lightness, a * chroma, b * chroma)


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)


def contrast(a: str | Colour, b: str | Colour) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21, whichever is the lighter."""
    lighter, darker = sorted((_as_colour(a).luminance, _as_colour(b).luminance), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(colour: Colour, backgrounds: Iterable[Colour], ratio: float) -> Colour:
    """The nearest shade of `colour` that keeps `ratio` on every background.

    It darkens on light backgrounds and lightens on dark ones, and loses its vividness on the way,
    so that it ends in black or white: only a mid-grey background can leave the ratio unmet.
    """
    against = list(backgrounds)
    target = 0.0 if min(one.luminance for one in against) > _MIDDLE else 1.0
    shade = colour
    for percent in range(101):
        way = percent / 100
        if percent:
            lightness = colour.lightness + (target - colour.lightness) * way
            shade = colour.at_lightness(lightness, 1 - way * way)
        if all(contrast(shade, one) >= ratio for one in against):
            break
    return shade


def _as_colour(value: str | Colour) -> Colour:
    return Colour.parse(value) if isinstance(value, str) else value


def _to_linear(channel: float) -> float:
    return channel / _LINEAR_SLOPE if channel <= _LINEAR_UP_TO else ((channel + 0.055) / 1.055) ** 2.4


def _from_linear(channel: float) -> int:
    bounded = min(1.0, max(0.0, channel))
    straight = bounded * _LINEAR_SLOPE
    curved = 1.055 * bounded ** (1 / 2.4) - 0.055
    return round(255 * (straight if straight <= _LINEAR_UP_TO else curved))


def _oklab(colour: Colour) -> tuple[float, float, float]:
    # Constants of the OKLab colour space, Björn Ottosson, 2020; CSS Color 4 uses the same.
    red, green, blue = colour.linear
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** _CUBE_ROOT
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** _CUBE_ROOT
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** _CUBE_ROOT
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, a: float, b: float) -> Colour:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return Colour(
        _from_linear(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _from_linear(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _from_linear(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )
