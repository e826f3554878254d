"""The effective policy of the current caisse, parsed once per version and process."""

from functools import lru_cache

from guichet.tenancy.connection import connection
from guichet.tenancy.roles import PUBLIC
from tenants.models import Caisse
from tenants.policy.document import Policy
from tenants.policy.models import PolicyVersion
from tenants.policy.stored import parse_stored

_HELD = "_guichet_policy"


class NoPolicyError(RuntimeError):
    """No caisse is set, or none of its policies is published."""


def current_policy() -> Policy:
    """Raises NoPolicyError."""
    return policy_of(connection.tenant)


def policy_of(caisse: object) -> Policy:
    """Of the row of the current caisse, for who holds it already. Raises NoPolicyError."""
    if not isinstance(caisse, Caisse) or caisse.policy_version == 0:
        raise NoPolicyError("no caisse is set, or it has no published policy")
    # A page asks some twenty times: the row of its request remembers the answer, for this version alone.
    held: tuple[int, Policy] | None = vars(caisse).get(_HELD)
    if held is None or held[0] != caisse.policy_version:
        held = vars(caisse)[_HELD] = (caisse.policy_version, _read(caisse))
    return held[1]


def policy_at_hand(caisse: object) -> Policy | None:
    """What was already read for this row; None where it would have to be fetched."""
    held: tuple[int, Policy] | None = vars(caisse).get(_HELD) if isinstance(caisse, Caisse) else None
    return held[1] if held else None


def _read(caisse: Caisse) -> Policy:
    if caisse.schema_name == PUBLIC:
        return parse_stored(caisse.front_document or {})
    return _published(
        connection.settings_dict["NAME"], caisse.schema_name, str(caisse.uuid), caisse.policy_version
    )


@lru_cache(maxsize=2048)
def _published(database: str, schema: str, uuid: str, number: int) -> Policy:
    """A published version never changes: kept until the process ends or others push it out."""
    return parse_stored(PolicyVersion.objects.get(number=number).document)
