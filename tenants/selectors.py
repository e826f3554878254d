"""The only doors to the rows of caisses."""

import json

from django.db.models import JSONField, QuerySet

from guichet.tenancy.connection import connection
from tenants.models import Caisse, Domain, Kind, State

# Every request asks for its caisse: written out, it costs a third of what the query builder makes of it.
_FIELDS = Caisse._meta.concrete_fields
_OF_HOST = (
    f"SELECT {', '.join(f'c.{field.column}' for field in _FIELDS)} FROM tenants_domain d"  # noqa: S608  # the model's own columns
    " JOIN tenants_caisse c ON c.id = d.tenant_id WHERE d.domain = %s AND c.policy_version > 0"
)


def caisse_of_host(*, host: str) -> Caisse | None:
    """The caisse, in whatever state, that a normal host name leads to; None before its first policy."""
    row = connection.first_row(_OF_HOST, [host])
    if row is None:
        return None
    values = [
        json.loads(value) if isinstance(field, JSONField) and value is not None else value
        for field, value in zip(_FIELDS, row, strict=True)
    ]
    return Caisse.from_db(connection.alias, [field.attname for field in _FIELDS], values)


def caisse_of_schema(*, schema: str) -> Caisse:
    """Raises Caisse.DoesNotExist."""
    caisse: Caisse = Caisse.objects.get(schema_name=schema)
    return caisse


def caisses_with_schema() -> QuerySet[Caisse]:
    """Every tenant that has a schema of its own and a published policy."""
    found: QuerySet[Caisse] = Caisse.objects.exclude(kind=Kind.FRONT).filter(policy_version__gt=0)
    return found.order_by("schema_name")


def listed_caisses() -> list[tuple[Caisse, str]]:
    """What the front door shows, with the primary host of each, by town then name. One query."""
    rows = Domain.objects.select_related("tenant").filter(
        is_primary=True,
        tenant__kind=Kind.CAISSE,
        tenant__listed=True,
        tenant__state=State.ACTIVE,
        tenant__policy_version__gt=0,
    )
    return [(row.tenant, row.domain) for row in rows.order_by("tenant__town", "tenant__name", "id")]


def all_caisses() -> list[tuple[Caisse, str]]:
    """For the GIE: every caisse with its primary host. One query."""
    rows = Domain.objects.select_related("tenant").filter(is_primary=True).exclude(tenant__kind=Kind.FRONT)
    return [
        (row.tenant, row.domain)
        for row in rows.order_by("tenant__kind", "tenant__town", "tenant__name", "id")
    ]
