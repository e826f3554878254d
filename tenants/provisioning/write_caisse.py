"""Write a caisse: schema, role, row, domains and published policy in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from guichet.kernel.names import folded
from guichet.tenancy.roles import PUBLIC, checked_caisse
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.provisioning.schemas import replay


class DomainTakenError(ValueError):
    """A host name already leads to another caisse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaisseRow:
    """What the public row of a caisse says of it."""

    schema: str
    name: str
    town: str
    kind: str
    listed: bool
    domains: Sequence[str]
    accent: str = ""
    """#rrggbb in small letters; empty: the front door's own colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A policy to publish: the overrides, their digest, who signs and why."""

    document: Mapping[str, Any]
    digest: str
    author: str
    reason: str


def write_caisse(*, row: CaisseRow, version: NewVersion | None) -> int:
    """Create or update; the number of the version that is published then. All of it or nothing.

    Raises DomainTakenError, NoBlueprintError, SchemaNameRefusedError.
    """
    if row.schema != PUBLIC:
        checked_caisse(row.schema)
    with as_migrator() as connection:
        become_owner(connection)
        # Two writers of one caisse: the second waits, then finds the first one's work.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"caisse:{row.schema}"])
        _refuse_taken_domains(connection, row)
        # Not by whether the schema exists: one that is no caisse's is not taken over, and a lost one not made empty.
        if row.schema != PUBLIC and not _is_known(connection, row.schema):
            replay(connection, schema=row.schema, kind=row.kind)
        caisse_id, published = _write_row(connection, row)
        _write_domains(connection, caisse_id=caisse_id, domains=row.domains)
        if version is None:
            return published
        _add_version(connection, row=row, version=version, number=published + 1)
        return published + 1


def _is_known(connection: "psycopg.Connection[Any]", schema: str) -> bool:
    found = connection.execute("SELECT 1 FROM tenants_caisse WHERE schema_name = %s", [schema])
    return found.fetchone() is not None


def _refuse_taken_domains(connection: "psycopg.Connection[Any]", row: CaisseRow) -> None:
    taken = connection.execute(
        "SELECT d.domain, c.schema_name FROM tenants_domain d JOIN tenants_caisse c ON c.id = d.tenant_id"
        " WHERE d.domain = ANY(%s) AND c.schema_name <> %s ORDER BY 1",
        [list(row.domains), row.schema],
    ).fetchone()
    if taken:
        raise DomainTakenError(f"le domaine {taken[0]} mène déjà à la caisse « {taken[1]} »")


def _write_row(connection: "psycopg.Connection[Any]", row: CaisseRow) -> tuple[int, int]:
    found = connection.execute(
        "INSERT INTO tenants_caisse (uuid, schema_name, name, town, folded_name, kind, state, listed, accent,"
        " policy_version, placement, created_at)"
        " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, 'active', %s, %s, 0, 'main', now())"
        " ON CONFLICT (schema_name) DO UPDATE SET name = excluded.name, town = excluded.town,"
        " folded_name = excluded.folded_name, listed = excluded.listed, accent = excluded.accent"
        " RETURNING id, policy_version",
        [
            row.schema,
            row.name,
            row.town,
            folded(f"{row.town} {row.name}"),
            row.kind,
            row.listed,
            row.accent,
        ],
    ).fetchone()
    caisse_id, published = found or (0, 0)
    return caisse_id, published


def _write_domains(connection: "psycopg.Connection[Any]", *, caisse_id: int, domains: Sequence[str]) -> None:
    connection.execute(
        "DELETE FROM tenants_domain WHERE tenant_id = %s AND domain <> ALL(%s)", [caisse_id, list(domains)]
    )
    for position, domain in enumerate(domains):
        written = connection.execute(
            "INSERT INTO tenants_domain (domain, tenant_id, is_primary) VALUES (%s, %s, %s)"
            " ON CONFLICT (domain) DO UPDATE SET is_primary = excluded.is_primary"
            " WHERE tenants_domain.tenant_id = excluded.tenant_id RETURNING id",
            [domain, caisse_id, position == 0],
        ).fetchone()
        if written is None:
            # It was still free when we looked.
            raise DomainTakenError(f"le domaine {domain} vient d’être pris par une autre caisse")


def _add_version(
    connection: "psycopg.Connection[Any]", *, row: CaisseRow, version: NewVersion, number: int
) -> None:
    if row.schema == PUBLIC:
        connection.execute(
            "UPDATE tenants_caisse SET front_document = %s WHERE schema_name = %s",
            [Jsonb(version.document), row.schema],
        )
    else:
        connection.execute(
            sql.SQL(
                "INSERT INTO {} (number, document, digest, author, reason, published_at)"
                " VALUES (%s, %s, %s, %s, %s, now())"
            ).format(sql.Identifier(row.schema, "policy_policyversion")),
            [number, Jsonb(version.document), version.digest, version.author, version.reason],
        )
    connection.execute(
        "UPDATE tenants_caisse SET policy_version = %s WHERE schema_name = %s", [number, row.schema]
    )
