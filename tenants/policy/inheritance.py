"""The platform's default, then what the caisse writes over it, field by field.

Tables merge, anything else replaces: a list in a caisse file is the whole list. An identifier also
inherits what the platform says of its kind, so that changing the kind does not leave the old kind's fields.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from tenants.policy.document import Policy

Document = Mapping[str, Any]
"""A policy or part of one as plain values: what JSON holds. Dates and durations are text."""
Origin = Literal["platform", "caisse"]

PLATFORM_FILE = Path(__file__).with_name("platform.toml")
_KINDS = "identifier_kinds"


class UnknownPathError(LookupError):
    """No single value of the policy stands at this path."""

    def __init__(self, path: str) -> None:
        super().__init__(f"no value at {path!r}")


@dataclass(frozen=True, slots=True)
class Effective:
    """A whole policy, and where each of its values comes from."""

    policy: Policy
    document: Document
    """The merged values, as plain data in their normal form."""
    origins: Mapping[str, Origin]
    """Every leaf by its dotted path, such as `second_factor.sms.lifetime`. A list is one leaf."""

    def provenance(self, path: str) -> Origin:
        """Raises UnknownPathError, for a table as well: its values may come from both."""
        try:
            return self.origins[path]
        except KeyError:
            raise UnknownPathError(path) from None


def effective(overrides: Document) -> Effective:
    """Raises pydantic's ValidationError, whose locations are paths in the document."""
    policy = Policy.model_validate_json(json.dumps(merged(overrides)))
    document = policy.model_dump(mode="json")
    own = {path for path, _ in leaves(overrides)}
    origins: dict[str, Origin] = {
        path: "caisse" if path in own else "platform" for path, _ in leaves(document)
    }
    return Effective(policy=policy, document=document, origins=origins)


def merged(overrides: Document) -> dict[str, Any]:
    """The default with the overrides over it; nothing is validated."""
    base = defaults_for_kind(_kind(overrides))
    return overlay(base, overrides)


def overlay(base: Document, over: Document) -> dict[str, Any]:
    """Tables merge key by key; any other value of `over` replaces. Neither argument is changed."""
    result = deepcopy(dict(base))
    for key, value in over.items():
        below = result.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            result[key] = overlay(below, value)
        else:
            result[key] = deepcopy(value)
    return result


def leaves(document: Document, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of whatever is not a table, in document order."""
    for key, value in document.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}.")
        else:
            yield path, value


def defaults_for_kind(kind: str | None) -> dict[str, Any]:
    """What a caisse has that writes nothing but, maybe, the kind of its identifier."""
    platform = dict(_platform())
    kinds = platform.pop(_KINDS)
    base: dict[str, Any] = deepcopy(platform)
    base["identifier"] |= deepcopy(kinds.get(kind or base["identifier"]["kind"], {}))
    return base


def _kind(overrides: Document) -> str | None:
    identifier = overrides.get("identifier")
    kind = identifier.get("kind") if isinstance(identifier, Mapping) else None
    return kind if isinstance(kind, str) else None


@cache
def _platform() -> Document:
    return tomllib.loads(PLATFORM_FILE.read_text(encoding="utf-8"))
