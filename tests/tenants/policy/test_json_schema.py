"""The JSON Schema of a caisse file."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tenants.policy.durations import EXAMPLES
from tenants.policy.json_schema import json_schema
from tests.tenants.policy.documents import CAISSE, CCM_DIRECT, CPMS, NIMES, PARIS, SIGNED, at, document

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json_schema()
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}


def complaints(value: Any, schema: dict[str, Any], path: str = "$") -> Iterator[str]:
    """What a validator of the dialect would say, for the words that our schema uses."""
    if "$ref" in schema:
        yield from complaints(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], path)
    if "anyOf" in schema and all(list(complaints(value, choice, path)) for choice in schema["anyOf"]):
        yield f"{path}: none of the choices"
    expected = _TYPES.get(schema.get("type", ""), object)
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        yield f"{path}: not a {schema['type']}"
    elif isinstance(value, dict):
        yield from _of_table(value, schema, path)
    elif isinstance(value, list):
        yield from _of_list(value, schema, path)
    else:
        yield from _of_scalar(value, schema, path)


def _of_table(value: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    known = schema.get("properties", {})
    if schema.get("additionalProperties") is False:
        yield from (f"{path}: unknown {key}" for key in value if key not in known)
    yield from (f"{path}: lacks {key}" for key in schema.get("required", []) if key not in value)
    for key in known.keys() & value.keys():
        yield from complaints(value[key], known[key], f"{path}.{key}")


def _of_list(value: list[Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    if len(value) < schema.get("minItems", 0):
        yield f"{path}: too few"
    for item in value:
        yield from complaints(item, schema.get("items", {}), f"{path}[]")


def _of_scalar(value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{path}: not one of them"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{path}: out of bounds"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path}: wrong form"


def test_it_says_its_dialect_and_is_plain_json() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert "null" not in json.dumps(SCHEMA)


@pytest.mark.parametrize("portal", [NIMES, CCM_DIRECT, PARIS, CPMS | SIGNED, document(), {"caisse": CAISSE}])
def test_it_lets_the_portals_through(portal: dict[str, Any]) -> None:
    assert list(complaints(portal, SCHEMA)) == []


@pytest.mark.parametrize("file", sorted((ROOT / "fixtures" / "caisses").glob("*.toml")))
def test_it_lets_the_files_of_the_demo_through(file: Path) -> None:
    assert list(complaints(tomllib.loads(file.read_text(encoding="utf-8")), SCHEMA)) == []


@pytest.mark.parametrize(
    "over",
    [
        at("lockout.max_failure", 5),
        at("lockout.max_failures", "5"),
        at("lockout.max_failures", 0),
        at("session.idle", 5),
        at("session.idle", "5 minutes"),
        at("lockout.wait", "never"),
        at("products", ["gold"]),
        at("brand.accent", "red"),
        at("identifier.kind", "phone"),
        at("caisse.domains", []),
        at("caisse.schema_name", "Lune"),
        {"identifier": {"kind": "email", "min_length": 5}},
        {"acceptances": [{"rule": "pin-alone"}]},
    ],
)
def test_it_complains_of_what_the_platform_would_refuse(over: dict[str, Any]) -> None:
    assert list(complaints(document(over), SCHEMA))


def test_only_the_caisse_is_required() -> None:
    assert SCHEMA["required"] == ["caisse"]
    assert list(complaints({}, SCHEMA)) == ["$: lacks caisse"]
    assert SCHEMA["$defs"]["CaisseSection"]["required"] == ["schema_name", "name", "town", "domains"]


def test_only_the_platforms_own_kind_of_identifier_may_go_unsaid() -> None:
    unsaid = [
        choice["$ref"].rpartition("/")[2]
        for choice in SCHEMA["properties"]["identifier"]["anyOf"]
        if "required" not in SCHEMA["$defs"][choice["$ref"].rpartition("/")[2]]
    ]
    assert unsaid == ["ClientNumberIdentifier"]


def test_every_key_is_described_and_durations_show_how_they_are_written() -> None:
    for name, definition in SCHEMA["$defs"].items():
        for key, field in definition["properties"].items():
            assert field.get("description"), f"{name}.{key}"
    assert SCHEMA["$defs"]["SessionSection"]["properties"]["idle"]["examples"] == EXAMPLES


def test_what_holds_without_the_key_is_shown_beside_it() -> None:
    assert SCHEMA["$defs"]["LockoutSection"]["properties"]["max_failures"]["default"] == 5
    assert SCHEMA["$defs"]["SmsRules"]["properties"]["lifetime"]["default"] == "5 min"
