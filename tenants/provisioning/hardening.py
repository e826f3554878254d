"""What PostgreSQL lets everybody do, and a caisse's role must not: for the day when a query can be tampered with.

Only a superuser may take it back; elsewhere the roles stand, without this second wall.
"""

from typing import Any

import psycopg
from psycopg import sql

from guichet.tenancy.roles import RoleNames

_SETTINGS = "pg_catalog.set_config(text, text, boolean)"
# Who needs it: Django for its time zone, pg_dump as the owner.
_MAY_SET = ("app", "migrator", "owner")


def harden(connection: "psycopg.Connection[Any]", names: RoleNames) -> bool:
    """In the caller's transaction, as the administrator. False when it is no superuser, and nothing was done."""
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if not (row and row[0]):
        return False
    # A function that a SELECT can call: it would change role and search path from inside an ordinary query.
    connection.execute(sql.SQL(f"REVOKE EXECUTE ON FUNCTION {_SETTINGS} FROM PUBLIC"))
    for name in _MAY_SET:
        role = sql.Identifier(getattr(names, name))
        connection.execute(sql.SQL(f"GRANT EXECUTE ON FUNCTION {_SETTINGS} TO {{}}").format(role))
    connection.execute("REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC")
    _revoke_large_objects(connection)
    _revoke_statistics(connection)
    return True


def _revoke_large_objects(connection: "psycopg.Connection[Any]") -> None:
    """They belong to no schema: a caisse could keep data where no grant of ours reaches."""
    found = connection.execute(
        "SELECT oid::regprocedure::text FROM pg_proc"
        " WHERE pronamespace = 'pg_catalog'::regnamespace AND proname LIKE 'lo\\_%'"
    ).fetchall()
    for (signature,) in found:
        connection.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(sql.SQL(signature)))


def _revoke_statistics(connection: "psycopg.Connection[Any]") -> None:
    """They tell how many rows another caisse has."""
    found = connection.execute(
        "SELECT viewname FROM pg_views WHERE schemaname = 'pg_catalog'"
        " AND viewname ~ '^pg_stat(io)?_(xact_)?(all|user|sys)_'"
    ).fetchall()
    for (view,) in found:
        name = sql.Identifier("pg_catalog", view)
        connection.execute(sql.SQL("REVOKE SELECT ON {} FROM PUBLIC").format(name))
