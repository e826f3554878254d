"""Sums and rates as a tariff file writes them: in quotes, with a point, so that none passes through a float."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from guichet.kernel.money import Money

_EUROS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?", re.ASCII)
_HUNDRED = Decimal(100)


def _read_euros(value: Any) -> Any:
    if isinstance(value, Money):
        return value
    if not isinstance(value, str) or _EUROS.fullmatch(value.strip()) is None:
        raise PydanticCustomError("euros", "une somme s’écrit entre guillemets, avec un point : « 3000.00 »")
    return Money.of(value.strip())


def _read_percent(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or _PERCENT.fullmatch(value.strip()) is None:
        raise PydanticCustomError("percent", "un taux s’écrit entre guillemets, avec un point : « 0.82 »")
    percent = Decimal(value.strip())
    if percent > _HUNDRED:
        raise PydanticCustomError("percent", "un taux est de 100 % au plus")
    return percent


class _IsMoney:
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.is_instance_schema(Money)


Euros = Annotated[
    Money,
    _IsMoney,
    BeforeValidator(_read_euros),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_EUROS.pattern}$"}),
]
"""`Money` in Python, text in TOML and JSON."""

Percent = Annotated[
    Decimal,
    BeforeValidator(_read_percent),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_PERCENT.pattern}$"}),
]
"""A `Decimal` of per cent, from 0 to 100, text in TOML and JSON."""
