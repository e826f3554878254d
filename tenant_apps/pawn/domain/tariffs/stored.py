"""The document that the database holds: a tariff as JSON, each value in its normal form."""

import json
from collections.abc import Mapping
from typing import Any

from tenant_apps.pawn.domain.tariffs.document import TariffDocument

# What tariffs could name once, and nobody was ever charged: an hour that was missed adds nothing to a debt that the
# objects answer for. It is said no more of the tariffs that were applied then.
_NEVER_CHARGED = frozenset({"missed_appointment"})


# Once a name and a reason signed for any breach, for ever. What accepted all of it accepts nothing now: a tariff that
# needs a signature is applied anew, with one that says what it accepts.
_ACCEPTED = "accepted"


def _with_bases(stored: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A fixed fee once looked at what the brackets look at."""
    return [{"base": stored["basis"], **each} for each in stored.get("fixed_fees", ())]


def to_store(document: TariffDocument) -> dict[str, Any]:
    """All of it: a default that changes later changes no tariff."""
    return document.model_dump(mode="json")


def parse_stored(stored: Mapping[str, Any]) -> TariffDocument:
    """Raises pydantic's ValidationError when this code cannot read it."""
    acts = [each for each in stored.get("acts", ()) if each["act"] not in _NEVER_CHARGED]
    signed = stored.get("usury_sign_off")
    if signed and _ACCEPTED not in signed:
        signed = None
    return TariffDocument.model_validate_json(
        json.dumps({**stored, "acts": acts, "usury_sign_off": signed, "fixed_fees": _with_bases(stored)})
    )
