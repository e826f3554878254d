"""The roles of a database, made once by its administrator; a second run changes nothing."""

from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from guichet.tenancy.roles import RoleNames, login_password
from tenants.provisioning.connections import as_administrator, database_name, role_names
from tenants.provisioning.hardening import harden

OLDEST_SERVER = 160_000


class ServerTooOldError(RuntimeError):
    """PostgreSQL before 16 has no grants WITH INHERIT and SET."""


def bootstrap() -> None:
    """Create the roles and hand the database to them. Raises ServerTooOldError, psycopg.Error."""
    with as_administrator() as connection:
        version = connection.info.server_version
        if version < OLDEST_SERVER:
            raise ServerTooOldError(f"PostgreSQL 16 or later is needed; this server is {version // 10_000}")
        names = role_names()
        # Two first deploys at once would both try to create the roles.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{names.prefix}:bootstrap"])
        _make_roles(connection, names)
        _hand_over(connection, names)
        harden(connection, names)


def _make_roles(connection: "psycopg.Connection[Any]", names: RoleNames) -> None:
    for role in (names.owner, names.public, names.tenant, names.queue):
        _make_role(connection, role, sql.SQL("NOLOGIN"))
    for role, more in ((names.migrator, "CREATEROLE"), (names.app, ""), (names.worker, "")):
        password = login_password(key=settings.DATABASE_KEY, login=role)
        options = sql.SQL("LOGIN NOINHERIT " + more + " PASSWORD {}").format(sql.Literal(password))
        _make_role(connection, role, options)


def _make_role(connection: "psycopg.Connection[Any]", role: str, options: sql.Composable) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = "ALTER" if known else "CREATE"
    connection.execute(sql.SQL(verb + " ROLE {} ").format(sql.Identifier(role)) + options)


def _hand_over(connection: "psycopg.Connection[Any]", names: RoleNames) -> None:
    words = {
        "database": sql.Identifier(database_name()),
        **{
            name: sql.Identifier(getattr(names, name))
            for name in ("owner", "migrator", "app", "public", "tenant", "queue", "worker")
        },
    }
    # INHERIT is a property of each grant: written out every time.
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {app}, {migrator}, {worker}",
        "GRANT CREATE, CONNECT, TEMP ON DATABASE {database} TO {owner}",
        "GRANT {owner} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE",
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {public}, {tenant}, {queue}",
        "GRANT {owner} TO {migrator} WITH INHERIT FALSE, SET TRUE",
        "GRANT {public} TO {app} WITH INHERIT FALSE, SET TRUE",
        "GRANT {tenant} TO {migrator} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
        "GRANT {queue} TO {worker} WITH INHERIT FALSE, SET TRUE",
    ):
        connection.execute(sql.SQL(statement).format(**words))
