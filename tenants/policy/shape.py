"""Which tables and keys a policy has, read from its models."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

Shape = dict[str, "Shape"]


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a field's type names, alone or in a union or a tuple."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def shape_of(model: type[BaseModel]) -> Shape:
    """Keys in the order of declaration, each with the keys below it; the models of a union together.

    `kind` comes first: the reader wants it before what depends on it.
    """
    names = sorted(model.model_fields, key=lambda name: name != "kind")
    shape: Shape = {}
    for name in names:
        shape[name] = {}
        for below in models_in(model.model_fields[name].annotation):
            shape[name] |= shape_of(below)
    return shape
