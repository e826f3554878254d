"""The rules of a caisse's own people: `staff.toml` in place of what its policy says of clients."""

import tomllib
from functools import cache
from pathlib import Path

from tenants.policy.document import Policy
from tenants.policy.inheritance import effective

STAFF_FILE = Path(__file__).with_name("staff.toml")
REPLACED = ("identifier", "secret", "second_factor", "lockout", "session", "activation")
# A document names a caisse; nothing of this one is read.
_ANY_CAISSE = {"schema_name": "agence", "name": "Agence", "town": "Agence", "domains": ["agence.invalid"]}


def staff_policy(policy: Policy) -> Policy:
    """The caisse's words, brand and senders, under the platform's rules for its staff."""
    return policy.model_copy(update={name: getattr(_rules(), name) for name in REPLACED})


@cache
def _rules() -> Policy:
    written = tomllib.loads(STAFF_FILE.read_text(encoding="utf-8"))
    return effective({"caisse": _ANY_CAISSE, **written}).policy
