"""Why a typed identifier cannot be one."""

from collections.abc import Mapping
from typing import Literal

Code = Literal["empty", "too_long", "too_short", "characters", "format", "key"]


class IdentifierRefused(ValueError):  # noqa: N818  # what a person typed is refused: the programme has no error
    """`code` for the programme; `str()` for the person, in French, never repeating what was typed.

    `message` is that sentence before its numbers (`params`) are put in: the form's msgid.
    """

    def __init__(self, code: Code, message: str, params: Mapping[str, int] | None = None) -> None:
        self.code = code
        self.message = message
        self.params = dict(params or {})
        super().__init__(message % self.params)


def gettext_noop(text: str) -> str:
    """Marks a sentence for the catalogue; whoever shows it translates it."""
    return text
