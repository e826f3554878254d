from collections.abc import Callable, Iterator

import pytest
from psycopg import sql

from tenants.provisioning.connections import as_migrator, become_owner, role_names
from tenants.provisioning.schemas import drop, schema_exists
from tenants.provisioning.write_caisse import CaisseRow, NewVersion

Discard = Callable[[str], None]


def role_exists(schema: str) -> bool:
    with as_migrator() as connection:
        role = role_names().of_schema(schema)
        return connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def row(schema: str, *domains: str, name: str = "Essai", kind: str = "caisse") -> CaisseRow:
    return CaisseRow(
        schema=schema,
        name=name,
        town="Essai",
        kind=kind,
        listed=False,
        domains=domains or (f"{schema}.example.org",),
    )


def version(**document: object) -> NewVersion:
    return NewVersion(document=document, digest="d" * 64, author="essai", reason="essai")


@pytest.fixture
def throwaway(committed: None) -> Iterator[list[str]]:
    """Names of caisses that the test makes: whatever exists of them afterwards is taken away."""
    names: list[str] = []
    yield names
    with as_migrator() as connection:
        for schema in names:
            become_owner(connection)
            connection.execute("SET LOCAL lock_timeout = '10s'")
            connection.execute("DELETE FROM tenants_domain WHERE tenant_id IN (SELECT id FROM tenants_caisse"
                               " WHERE schema_name = %s)", [schema])
            connection.execute("DELETE FROM tenants_caisse WHERE schema_name = %s", [schema])
            if schema_exists(connection, schema):
                drop(connection, schema=schema)
            elif role_exists(schema):
                connection.execute("RESET ROLE")
                role = sql.Identifier(role_names().of_schema(schema))
                connection.execute(sql.SQL("DROP ROLE {}").format(role))
