"""The JSON Schema of a caisse file, so that an editor completes and checks it while it is written."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from tenants.policy.document import Policy
from tenants.policy.inheritance import defaults_for_kind
from tenants.policy.sections.base import NONE
from tenants.policy.typography import french

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OF_A_CAISSE = ["schema_name", "name", "town", "domains"]
"""What the platform has no default for."""
_WHOLE = frozenset({"Acceptance"})
"""What is not inherited field by field: an item of a list."""

Schema = dict[str, Any]


def json_schema() -> Schema:
    """Draft 2020-12. Everything is optional but the table that says which caisse it is."""
    schema = Policy.model_json_schema()
    definitions: dict[str, Schema] = schema["$defs"]
    for name, definition in definitions.items():
        # The docstrings of the models speak to programmers; each use has a description of its own.
        definition.pop("description", None)
        if name not in _WHOLE:
            definition.pop("required", None)
    definitions["CaisseSection"]["required"] = list(_OF_A_CAISSE)
    schema["required"] = ["caisse"]
    schema["properties"]["identifier"] = _identifier(schema["properties"]["identifier"], definitions)
    _add_defaults(schema, definitions, defaults_for_kind(None))
    for part in _parts(schema):
        _tidy(part)
    return {"$schema": _DIALECT, **schema, "title": "Fichier de caisse"}


def _identifier(union: Schema, definitions: dict[str, Schema]) -> Schema:
    """A file that leaves `kind` out has the platform's: only that one may lack it."""
    usual = defaults_for_kind(None)["identifier"]["kind"]
    for reference in union["discriminator"]["mapping"].values():
        definition = definitions[reference.rpartition("/")[2]]
        if definition["properties"]["kind"]["const"] != usual:
            definition["required"] = ["kind"]
    return {"description": union["description"], "anyOf": union["oneOf"]}


def _add_defaults(part: Schema, definitions: Mapping[str, Schema], defaults: Mapping[str, Any]) -> None:
    """Beside each field, what holds when the file does not say it."""
    for name, value in defaults.items():
        below = part["properties"].get(name)
        if below is None:
            continue
        if isinstance(value, Mapping):
            _add_table_defaults(part, name, definitions, value)
        else:
            below["default"] = deepcopy(value)


def _add_table_defaults(
    part: Schema, name: str, definitions: Mapping[str, Schema], defaults: Mapping[str, Any]
) -> None:
    reference = part["properties"][name].get("$ref")
    target = definitions.get(str(reference).rpartition("/")[2])
    # A model used in several places, such as a text in two languages, has several defaults: none is stated.
    if target is not None and target["title"] not in _SHARED:
        _add_defaults(target, definitions, defaults)


_SHARED = frozenset({"LocalText", "CodeRules"})


def _parts(value: Any) -> Iterator[Schema]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _parts(item)


def _tidy(part: Schema) -> None:
    """TOML has no null: « none » stands for it. Titles only repeat the key."""
    if isinstance(part.get("description"), str):
        part["description"] = french(part["description"])
    if part.get("type") == "null":
        part.clear()
        part["const"] = NONE
    if isinstance(part.get("title"), str) and "properties" not in part:
        del part["title"]
