"""The look: a theme, and at most three colours of the caisse's own."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from tenants.brand.colour import Colour, InvalidColourError
from tenants.policy.sections.base import OrNone, Section


def _colour(text: str) -> str:
    try:
        Colour.parse(text)
    except InvalidColourError:
        raise PydanticCustomError(
            "colour", "une couleur s’écrit # et six chiffres hexadécimaux, comme #B4430B"
        ) from None
    return text


OptionalColour = Annotated[Annotated[str, AfterValidator(_colour)] | None, *OrNone]
_PATTERN: JsonDict = {"pattern": "^#[0-9a-fA-F]{6}$|^none$", "examples": ["#B4430B"]}


class BrandSection(Section):
    """« none »: the theme's own colour."""

    theme: str = Field(
        pattern=r"^[a-z][a-z0-9-]{0,30}$",
        description="Le thème : un dossier de themes/, par exemple « warm ».",
    )
    accent: OptionalColour = Field(
        description="La couleur des boutons et des liens.", json_schema_extra=_PATTERN
    )
    page: OptionalColour = Field(description="La couleur du fond.", json_schema_extra=_PATTERN)
    ink: OptionalColour = Field(description="La couleur du texte.", json_schema_extra=_PATTERN)

    @property
    def overrides(self) -> dict[str, str]:
        """The caisse's own colours by token, as `tenants.brand` takes them."""
        chosen = {"accent": self.accent, "page": self.page, "ink": self.ink}
        return {token: colour for token, colour in chosen.items() if colour is not None}
