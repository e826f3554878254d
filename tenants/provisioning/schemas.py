"""Make and drop the schema of a caisse, with its role, tables, seed rows and grants."""

from typing import Any

import psycopg
from psycopg import sql

from guichet.tenancy.roles import checked_caisse
from tenants.provisioning.connections import become_owner, role_names
from tenants.provisioning.grants import close_schema, create_schema, create_schema_role


class NoBlueprintError(RuntimeError):
    """The database was never deployed."""


def schema_exists(connection: "psycopg.Connection[Any]", schema: str) -> bool:
    return (
        connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone() is not None
    )


def replay(connection: "psycopg.Connection[Any]", *, schema: str, kind: str) -> None:
    """Inside the caller's transaction, on a migrator's connection: all of it or nothing, the role included.

    The connection acts as the owner afterwards. Raises NoBlueprintError, SchemaNameRefusedError.
    """
    names = role_names()
    checked_caisse(schema)
    become_owner(connection)
    blueprint = connection.execute("SELECT schema_name, script FROM tenants_blueprint").fetchone()
    if blueprint is None:
        raise NoBlueprintError("no blueprint yet: run `manage.py deploy` first")
    connection.execute("RESET ROLE")
    create_schema_role(connection, names, schema)
    become_owner(connection)
    create_schema(connection, names, schema)
    token, script = blueprint
    # Without parameters libpq takes the many statements of the script in one round trip.
    connection.execute(script.replace(token, schema).encode())
    connection.execute("SET LOCAL search_path = public")
    close_schema(connection, names, schema=schema, kind=kind)


def drop(connection: "psycopg.Connection[Any]", *, schema: str) -> None:
    """Drop a schema and its role, inside the caller's transaction. Raises SchemaNameRefusedError."""
    names = role_names()
    words = {
        "schema": sql.Identifier(checked_caisse(schema)),
        "role": sql.Identifier(names.of_schema(schema)),
    }
    become_owner(connection)
    connection.execute(sql.SQL("DROP SCHEMA {schema} CASCADE").format(**words))
    # Default privileges went with the schema; what the GIE may read of `public` did not.
    connection.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}").format(**words))
    connection.execute("RESET ROLE")
    connection.execute(sql.SQL("DROP ROLE {role}").format(**words))
