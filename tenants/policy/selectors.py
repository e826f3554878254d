"""The only doors to published policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from guichet.tenancy.roles import PUBLIC
from tenants.models import Caisse
from tenants.policy.models import PolicyDraft, PolicyVersion


@dataclass(frozen=True, slots=True)
class Published:
    """What a caisse overrides at present; number 0 and nothing when it does not exist yet."""

    number: int
    document: Mapping[str, Any]
    caisse: Caisse | None = None


def published_here() -> PolicyVersion:
    """The version in force of the current caisse."""
    return PolicyVersion.objects.get(number=connection.tenant.policy_version)


def policy_history() -> list[PolicyVersion]:
    """Of the current caisse, the newest first."""
    return list(PolicyVersion.objects.order_by("-number"))


def latest_versions(*, most: int) -> list[PolicyVersion]:
    """Of the current caisse, the newest first, without their documents."""
    return list(PolicyVersion.objects.defer("document").order_by("-number")[:most])


def draft_here() -> PolicyDraft | None:
    """Of the current caisse, without its document."""
    return PolicyDraft.objects.defer("document").first()


def published_of(*, schema: str) -> Published:
    """The caisse may be in whatever state."""
    caisse: Caisse | None = Caisse.objects.filter(schema_name=schema).first()
    if caisse is None or caisse.policy_version == 0:
        return Published(number=0, document={}, caisse=caisse)
    if schema == PUBLIC:
        return Published(number=caisse.policy_version, document=caisse.front_document or {}, caisse=caisse)
    with tenant_context(caisse):
        version = PolicyVersion.objects.get(number=caisse.policy_version)
    return Published(number=version.number, document=version.document, caisse=caisse)
