"""What pydantic refuses, said to the person who wrote the file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tenants.policy.document import Policy
from tenants.policy.lines import Path
from tenants.policy.sections.identifier import BY_KIND
from tenants.policy.shape import models_in
from tenants.policy.typography import french


def refusals(error: ValidationError, document: type[BaseModel] = Policy) -> Iterator[tuple[Path, str]]:
    """Path in the document, and the reason in French, of each value that is refused."""
    for details in error.errors(include_url=False):
        path = _in_document(details["loc"])
        yield path, french(_reason(details, path, document))


def _in_document(location: Sequence[str | int]) -> Path:
    """pydantic puts the identifier's kind in the location, where the document has no table of that name."""
    path = tuple(location)
    if path[:1] == ("identifier",) and len(path) > 1 and path[1] in BY_KIND:
        return (path[0], *path[2:])
    return path


def _reason(details: ErrorDetails, path: Path, document: type[BaseModel]) -> str:
    kind, context = details["type"], details.get("ctx", {})
    # An item of a list has a number only: its list names it.
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if kind == "extra_forbidden":
        return f"clé inconnue « {name} »{_suggestion(details['loc'], document)}"
    if kind == "missing":
        return f"il manque la clé « {name} »"
    phrase = _PHRASES.get(kind)
    said = phrase(context) if phrase else details["msg"]
    return f"{name} : {said}" if name else said


def _suggestion(location: Sequence[str | int], document: type[BaseModel]) -> str:
    """The nearest key of the same table, else the table that has this very key."""
    unknown = str(location[-1])
    near = get_close_matches(unknown, _keys_at(location[:-1], document), n=1)
    if near:
        return f" ; vouliez-vous dire « {near[0]} » ?"
    elsewhere = [table for table, keys in _tables(document) if unknown in keys]
    return f" ; elle existe dans [{elsewhere[0]}]" if elsewhere else ""


def _keys_at(location: Sequence[str | int], document: type[BaseModel]) -> list[str]:
    model: type[BaseModel] | None = document
    for step in location:
        model = _below(model, step) if model else None
    return list(model.model_fields) if model else []


def _below(model: type[BaseModel], step: str | int) -> type[BaseModel] | None:
    """The model one step down; a list item or an identifier's kind leads there too."""
    if isinstance(step, int):
        return model
    if step in BY_KIND:
        return BY_KIND[step]
    field = model.model_fields.get(step)
    return next(models_in(field.annotation), None) if field else None


def _tables(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, field in model.model_fields.items():
        for below in models_in(field.annotation):
            yield f"{prefix}{name}", list(below.model_fields)
            yield from _tables(below, f"{prefix}{name}.")


def _choices(context: Mapping[str, Any]) -> str:
    expected = str(context["expected"]).replace("'", "").replace(" or ", ", ")
    return f"une valeur parmi {expected} est attendue"


_PHRASES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "literal_error": _choices,
    "union_tag_invalid": lambda context: (
        f"kind est à choisir parmi {context['expected_tags'].replace(chr(39), '')}"
    ),
    "string_type": lambda _: "un texte entre guillemets est attendu",
    "int_type": lambda _: "un nombre entier, sans guillemets, est attendu",
    "bool_type": lambda _: "true ou false, sans guillemets, est attendu",
    "tuple_type": lambda _: "une liste entre crochets est attendue",
    "model_type": lambda _: "une table est attendue",
    "model_attributes_type": lambda _: "une table est attendue",
    "date_from_datetime_parsing": lambda _: "une date comme 2026-11-21 est attendue",
    "date_parsing": lambda _: "une date comme 2026-11-21 est attendue",
    "date_type": lambda _: "une date comme 2026-11-21 est attendue",
    "greater_than_equal": lambda context: f"{context['ge']} au moins",
    "less_than_equal": lambda context: f"{context['le']} au plus",
    "string_too_short": lambda _: "ce texte est vide",
    "string_too_long": lambda context: f"{context['max_length']} caractères au plus",
    "too_short": lambda context: f"{context['min_length']} élément au moins",
    "too_long": lambda context: f"{context['max_length']} éléments au plus",
    "string_pattern_mismatch": lambda _: "ce texte n’a pas la forme attendue",
    "json_invalid": lambda _: "trop de listes ou de tables les unes dans les autres",
}
