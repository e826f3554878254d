"""Terms of use, shown at the first connection and at each new version."""

from typing import Annotated

from pydantic import Field

from tenants.policy.sections.base import Line, OrNone, Section


class TermsSection(Section):
    """Without a version, no terms are shown."""

    version: Annotated[Annotated[Line, Field(min_length=1, max_length=40)] | None, *OrNone] = Field(
        description="La version des conditions, par exemple « 2026-11 » ; « none » : il n’y en a pas."
    )
    required: bool = Field(description="Si les accepter est nécessaire pour entrer.")
