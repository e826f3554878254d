"""The document that the database holds: what a caisse overrides, as JSON."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tenants.policy.document import Policy
from tenants.policy.inheritance import Document, effective


def parse_stored(document: Document) -> Policy:
    """The effective policy. Raises pydantic's ValidationError when this code cannot read it."""
    return effective(document).policy


def canonical(overrides: Document) -> dict[str, Any]:
    """The same overrides with each value in its normal form: `120 min` and `2 h` are one document.

    Raises pydantic's ValidationError.
    """
    return _select(overrides, effective(overrides).document)


def document_digest(document: Document) -> str:
    """64 hexadecimal digits: equal documents in any order of keys, equal digests."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _select(wanted: Document, values: Document) -> dict[str, Any]:
    return {
        key: _select(value, values[key]) if isinstance(value, Mapping) else values[key]
        for key, value in wanted.items()
    }
