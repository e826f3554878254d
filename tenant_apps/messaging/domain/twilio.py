"""What Twilio says of an SMS: its codes of errors, its states, its signature."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from tenant_apps.messaging.domain.returns import Why

WITH_RECIPIENT = "delivered"
# « sent »: the operator has it, and the telephone may not be there.
ARRIVED = frozenset({"sent", WITH_RECIPIENT})
LOST = frozenset({"undelivered", "failed"})
# Its dictionary of errors. No such number, a landline, a handset that is no more: ask the client.
_UNKNOWN = frozenset({21211, 21214, 21217, 21614, 30005, 30006})
# The person has answered STOP, the operator filters, the country is closed.
_REFUSED = frozenset({21408, 21610, 21612, 30004, 30007, 30034})


def why_of_code(code: int) -> Why:
    if code in _UNKNOWN:
        return Why.UNKNOWN
    return Why.REFUSED if code in _REFUSED else Why.UNREACHABLE


def why_of_refusal(body: bytes) -> Why | None:
    """Of an answer to the call itself; None when it speaks of us (the sender, the account) and not of the recipient."""
    try:
        code = json.loads(body).get("code")
    except (ValueError, AttributeError):
        return None
    return why_of_code(code) if code in _UNKNOWN | _REFUSED else None


def why_of_status(status: str, error_code: str) -> Why | None:
    """Of a status callback; None while nothing is lost."""
    if status not in LOST:
        return None
    return why_of_code(int(error_code)) if error_code.isascii() and error_code.isdigit() else Why.UNREACHABLE


def signature(*, token: str, address: str, fields: Mapping[str, list[str]]) -> str:
    """X-Twilio-Signature: HMAC-SHA1 of the address that was called and the sorted fields of the form."""
    written = address + "".join(
        f"{name}{value}" for name in sorted(fields) for value in sorted(set(fields[name]))
    )
    return base64.b64encode(hmac.new(token.encode(), written.encode(), hashlib.sha1).digest()).decode("ascii")
