"""A risk that the controller (responsable du traitement) has signed for."""

from datetime import date
from typing import Annotated

from pydantic import Field

from tenants.policy.sections.base import Line, Section, Title


class Acceptance(Section):
    """It turns the error of one rule into a warning that names who signed."""

    rule: str = Field(pattern=r"^[a-z0-9-]{1,60}$", description="La règle dont le refus est accepté.")
    signed_by: Title = Field(
        description="Qui accepte le risque : nom et fonction du responsable du traitement."
    )
    on: date = Field(description="Le jour de la signature.")
    reason: Annotated[Line, Field(min_length=1, max_length=400)] = Field(
        description="Pourquoi, et ce qui compense."
    )
