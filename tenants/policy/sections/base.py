"""What every section is made of: frozen models that refuse unknown keys, and the texts a caisse writes."""

import unicodedata
from collections.abc import Hashable
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

NONE = "none"
"""How a file says « nothing » where the platform's default says something."""

_LINE_BREAK = "\n"
Item = TypeVar("Item", bound=Hashable)


class Section(BaseModel):
    """Strict: a number in quotes is refused, and so is a key that nothing reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def no_control(text: str) -> str:
    """Line breaks are let through."""
    for mark in text:
        if mark != _LINE_BREAK and unicodedata.category(mark).startswith("C"):
            raise PydanticCustomError("control", "ce texte contient un caractère invisible ou de commande")
    return text


def _one_line(text: str) -> str:
    if _LINE_BREAK in text:
        raise PydanticCustomError("one_line", "ce texte tient sur une seule ligne")
    return no_control(text)


def _distinct(items: tuple[Item, ...]) -> tuple[Item, ...]:
    twice = sorted({str(item) for item in items if items.count(item) > 1})
    if twice:
        raise PydanticCustomError("distinct", "écrit deux fois : {twice}", {"twice": ", ".join(twice)})
    return items


Distinct = AfterValidator(_distinct)
"""For a tuple: each item once."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400), AfterValidator(_one_line)]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(_one_line)
]
Paragraph = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(no_control)
]
"""Several lines, without markup."""


class LocalText(Section):
    """One text in the languages of the screens. `str()` gives the French."""

    fr: Paragraph = Field(description="En français.")
    en: Paragraph = Field(description="En anglais ; vide, le texte français est montré.")

    def for_language(self, code: str) -> str:
        """`code` such as `en` or `en-gb`; any language but English reads the French."""
        return (self.en if code.split("-", maxsplit=1)[0] == "en" else "") or self.fr

    def __str__(self) -> str:
        return self.fr

    def __bool__(self) -> bool:
        return bool(self.fr)


def _none_or(value: Any) -> Any:
    return None if value == NONE else value


def _or_none(value: Any) -> Any:
    return NONE if value is None else value


OrNone = (BeforeValidator(_none_or), PlainSerializer(_or_none))
"""For a field that may be left without a value: `Annotated[str | None, *OrNone]`."""
