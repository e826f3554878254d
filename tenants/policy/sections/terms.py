"""Terms of use, shown at the first connection and at each new version."""

import hashlib
import json
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from tenants.policy.sections.base import Line, LocalText, OrNone, Section, no_control

LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=40_000), AfterValidator(no_control)
]


class TermsText(LocalText):
    """As long as such texts are. A blank line parts two paragraphs."""

    fr: LongText = Field(description="En français.")
    en: LongText = Field(description="En anglais ; vide, le texte français est montré.")


class TermsSection(Section):
    """Without a version, no terms are shown."""

    version: Annotated[Annotated[Line, Field(min_length=1, max_length=40)] | None, *OrNone] = Field(
        description="La version des conditions, par exemple « 2026-11 » ; « none » : il n’y en a pas."
    )
    required: bool = Field(description="Si les accepter est nécessaire pour entrer.")
    text: TermsText = Field(
        description="Le texte des conditions. S’il change au fond, changez la version : elle est montrée à nouveau."
    )

    @property
    def digest(self) -> str:
        """Of the text in both languages, 64 hexadecimal digits: what an acceptance is of."""
        return hashlib.sha256(json.dumps([self.text.fr, self.text.en]).encode()).hexdigest()
