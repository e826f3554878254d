"""The usury ceilings: dated data, by amount lent, in force on the day of signing (Code de la consommation L314-6)."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.tariffs.values import Euros, Percent
from tenants.policy.sections.base import Line, Section
from tenants.policy.toml_file import read_toml

MOVES_AT_MOST = Decimal(1)
"""In points: from a quarter to the next no ceiling moved by more, in all that is known here."""
_QUARTER = 92
FILE = Path(__file__).with_name("usury.toml")


class Ceiling(Section):
    up_to: Euros | None = None
    rate: Percent


class Period(Section):
    """From one day to another, both included: a quarter, or a month as in 2023."""

    start: date = Field(alias="from")
    end: date = Field(alias="to")
    source: Line = Field(min_length=1)
    checked: Line
    """Who else states the same figures; empty where nobody was found."""
    ceilings: tuple[Ceiling, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> "Period":
        bounds = [ceiling.up_to for ceiling in self.ceilings]
        rising = [bound for bound in bounds[:-1] if bound is not None]
        if bounds[-1] is not None or len(rising) < len(bounds) - 1 or rising != sorted(set(rising)):
            raise PydanticCustomError("usury", "les seuils montent, et le dernier n’a pas de borne")
        if self.end < self.start:
            raise PydanticCustomError("usury", "une période finit après avoir commencé")
        return self

    def ceiling(self, capital: Money) -> Decimal:
        return next(each.rate for each in self.ceilings if each.up_to is None or capital <= each.up_to)

    @property
    def bounds(self) -> list[Money]:
        return [each.up_to for each in self.ceilings if each.up_to is not None]


class UsuryFile(Section):
    periods: tuple[Period, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> "UsuryFile":
        pairs = zip(self.periods, self.periods[1:], strict=False)
        if any(two.start <= one.end for one, two in pairs):
            raise PydanticCustomError("usury", "les périodes se suivent sans se recouvrir")
        return self


@dataclass(frozen=True, slots=True)
class Used:
    """The ceilings that a day is compared with."""

    period: Period
    in_force: bool
    """False where those of the day are not known: these are the last known before it, or the first of all."""
    margin: Decimal = Decimal(0)
    """By how many points those of the day may be lower than these: some for each quarter that lies between."""


@lru_cache(maxsize=1)
def known_periods() -> tuple[Period, ...]:
    """In order. What is missing between two of them is not known."""
    raw, _ = read_toml(FILE)
    return UsuryFile.model_validate_json(json.dumps(raw)).periods


def stretches() -> list[tuple[Period, ...]]:
    """The known periods, those that follow one another without a gap together."""
    found: list[tuple[Period, ...]] = []
    for each in known_periods():
        if found and found[-1][-1].end + timedelta(days=1) == each.start:
            found[-1] = (*found[-1], each)
        else:
            found.append((each,))
    return found


def period_on(day: date) -> Period | None:
    """The ceilings in force, or None where they are not known here."""
    return next((each for each in known_periods() if each.start <= day <= each.end), None)


def nearest_to(day: date) -> Used:
    """Those in force, or the nearest known: what tells it must say so."""
    found = period_on(day)
    if found is not None:
        return Used(found, in_force=True)
    before = [each for each in known_periods() if each.end < day]
    used = before[-1] if before else known_periods()[0]
    days = (day - used.end).days if before else (used.start - day).days
    return Used(used, in_force=False, margin=MOVES_AT_MOST * -(-days // _QUARTER))


def periods_since(day: date) -> list[Period]:
    """Those that a loan signed on that day or later may meet."""
    return [each for each in known_periods() if each.end >= day]
