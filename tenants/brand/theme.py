"""A theme: a folder of themes/ whose theme.toml gives the tokens."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

from tenants.brand.colour import Colour, InvalidColourError

THEMES = Path(__file__).resolve().parents[2] / "themes"

Panel = Literal["soft", "full"]
Menu = Literal["top", "side"]
Tokens = Mapping[str, Colour]

REQUIRED = frozenset(
    [
        "accent",
        "page",
        "surface",
        "ink",
        "muted",
        "line",
        "good",
        "good-soft",
        "warn",
        "warn-soft",
        "bad",
        "bad-soft",
    ]
)
DERIVED = frozenset(
    [
        "on-accent",
        "accent-strong",
        "accent-soft",
        "second",
        "field-line",
        "panel",
        "panel-end",
        "on-panel",
        "panel-muted",
        "panel-accent",
        "edge-colour",
    ]
)
SHAPE = frozenset(
    [
        "radius",
        "radius-small",
        "radius-button",
        "radius-pill",
        "head",
        "body",
        "head-weight",
        "tracking",
        "figures",
        "shadow",
        "step",
        "space",
        "control",
        "key",
        "width",
        "edge",
    ]
)
DRAWING = "picture.svg"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
_SHAPE_VALUE = re.compile(r"[\w\s.,/()%\"'#+-]{1,200}", re.ASCII)


class UnknownThemeError(LookupError):
    """No folder of themes/ has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no theme {name!r}; there are: {', '.join(theme_names())}")


class InvalidThemeError(ValueError):
    """theme.toml lacks a token, or has one that nothing reads; or there is no drawing beside it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"themes/{name}/theme.toml: {reason}")


@dataclass(frozen=True, slots=True)
class Theme:
    """`light` and `dark` hold the colours that the theme chose; palette.py computes the others."""

    name: str
    title: str
    panel: Panel
    menu: Menu
    shape: Mapping[str, str]
    light: Tokens
    dark: Tokens

    @property
    def templates(self) -> Path:
        return THEMES / self.name / "templates"

    @property
    def drawing(self) -> str:
        """The SVG of the entrance. Raises InvalidThemeError."""
        file = THEMES / self.name / DRAWING
        if not file.is_file():
            raise InvalidThemeError(self.name, f"there is no {DRAWING} beside it")
        return file.read_text(encoding="utf-8")


def theme_names() -> list[str]:
    return sorted(file.parent.name for file in THEMES.glob("*/theme.toml"))


@cache
def load_theme(name: str) -> Theme:
    """Raises UnknownThemeError or InvalidThemeError. Read once per process."""
    file = THEMES / name / "theme.toml"
    if not _NAME.fullmatch(name) or not file.is_file():
        raise UnknownThemeError(name)
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    try:
        return _read(name, document)
    except (InvalidColourError, KeyError, TypeError) as error:
        raise InvalidThemeError(name, str(error)) from error


def _read(name: str, document: Mapping[str, Any]) -> Theme:
    unknown = set(document) - {"title", "panel", "menu", "shape", "light", "dark"}
    if unknown:
        raise InvalidThemeError(name, f"unknown entries: {', '.join(sorted(unknown))}")
    panel, menu = document["panel"], document["menu"]
    if panel not in get_args(Panel):
        raise InvalidThemeError(name, f"panel is soft or full, not {panel!r}")
    if menu not in get_args(Menu):
        raise InvalidThemeError(name, f"menu is at the top or at the side, not {menu!r}")
    return Theme(
        name=name,
        title=str(document["title"]),
        panel=cast("Panel", panel),
        menu=cast("Menu", menu),
        shape=_shape(name, document["shape"]),
        light=_colours(name, "light", document["light"]),
        dark=_colours(name, "dark", document["dark"]),
    )


def _shape(name: str, table: Mapping[str, Any]) -> Mapping[str, str]:
    if set(table) != SHAPE:
        odd = ", ".join(sorted(set(table) ^ SHAPE))
        raise InvalidThemeError(name, f"[shape] lacks or does not know: {odd}")
    values = {token: str(value) for token, value in table.items()}
    for token, value in values.items():
        if not _SHAPE_VALUE.fullmatch(value):
            raise InvalidThemeError(name, f"[shape] {token} holds a sign that may not enter a stylesheet")
    return MappingProxyType(values)


def _colours(name: str, scheme: str, table: Mapping[str, str]) -> Tokens:
    missing, unknown = REQUIRED - set(table), set(table) - REQUIRED - DERIVED
    if missing or unknown:
        odd = ", ".join(sorted(missing | unknown))
        raise InvalidThemeError(name, f"[{scheme}] lacks or does not know: {odd}")
    return MappingProxyType({token: Colour.parse(value) for token, value in table.items()})
