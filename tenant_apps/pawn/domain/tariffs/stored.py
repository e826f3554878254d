"""The document that the database holds: a tariff as JSON, each value in its normal form."""

import json
from collections.abc import Mapping
from typing import Any

from tenant_apps.pawn.domain.tariffs.document import TariffDocument


def to_store(document: TariffDocument) -> dict[str, Any]:
    """All of it: a default that changes later changes no tariff."""
    return document.model_dump(mode="json")


def parse_stored(stored: Mapping[str, Any]) -> TariffDocument:
    """Raises pydantic's ValidationError when this code cannot read it."""
    return TariffDocument.model_validate_json(json.dumps(stored))
