from collections.abc import Iterator

import pytest
from psycopg import sql

from tenants.provisioning.connections import as_migrator, become_owner, role_names
from tenants.provisioning.schemas import drop, schema_exists
from tenants.provisioning.write_caisse import CaisseRow, NewVersion
from tests.world import forget_caisses

# What the migrations of the journal made.
UNDO_JOURNAL = (
    "DROP TABLE {schema}.journal_event, {schema}.journal_seal",
    "DROP FUNCTION {schema}.journal_mark_address(), {schema}.journal_erase_addresses(timestamptz, integer)",
)


def as_owner(*statements: str, **names: str) -> None:
    """Each statement, with `{name}` for the identifiers given, in one transaction."""
    words = {key: sql.Identifier(name) for key, name in names.items()}
    with as_migrator() as owner:
        become_owner(owner)
        for statement in statements:
            owner.execute(sql.SQL(statement).format(**words))


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
    """Names of schemas that the test makes: those that are no caisse's yet would outlive the world's restoring."""
    names: list[str] = []
    yield names
    with as_migrator() as connection:
        become_owner(connection)
        connection.execute("SET LOCAL lock_timeout = '10s'")
        forget_caisses(connection)
        for schema in names:
            if schema_exists(connection, schema):
                drop(connection, schema=schema)
            connection.execute("RESET ROLE")
            role = sql.Identifier(role_names().of_schema(schema))
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
            become_owner(connection)
