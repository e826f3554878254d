"""Who may do what: in `public` after its migrations, and in a caisse's schema after its tables."""

from typing import Any

import psycopg
from psycopg import sql

from guichet.tenancy.append_only import append_only_tables, kept_tables
from guichet.tenancy.roles import RoleNames
from tenants.models import Kind

QUEUE_TABLES = (
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
)
GUARDED_DEFER = "procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])"
PUBLISHED = "guichet_policy_published(integer)"
REPORTED = "guichet_caisse_report(jsonb)"


def grant_public(connection: "psycopg.Connection[Any]", names: RoleNames) -> None:
    """After the migrations of `public`, as their owner. A second run changes nothing, in one round trip."""
    words = {
        "public": sql.Identifier(names.public),
        "tenant": sql.Identifier(names.tenant),
        "queue": sql.Identifier(names.queue),
        "queue_tables": sql.SQL(", ").join(sql.Identifier(table) for table in QUEUE_TABLES),
    }
    statements = (
        "GRANT SELECT ON tenants_caisse, tenants_domain, django_migrations TO {public}",
        # Whether a worker lives, and nothing else of the queue (tenants.readiness).
        "GRANT SELECT (last_heartbeat) ON procrastinate_workers TO {public}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON {queue_tables} TO {queue}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {queue}",
        # A new version of the queue's library may bring functions: they start closed.
        "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {queue}",
        f"GRANT EXECUTE ON FUNCTION {GUARDED_DEFER} TO {{tenant}}, {{queue}}",
        f"REVOKE ALL ON FUNCTION {PUBLISHED}, {REPORTED} FROM {{queue}}",
        f"GRANT EXECUTE ON FUNCTION {PUBLISHED}, {REPORTED} TO {{tenant}}",
    )
    # Two deploys at once would both change the same rows of the catalogue.
    connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{names.prefix}:grants"])
    connection.execute(sql.SQL(";\n".join(statements)).format(**words))


def create_schema_role(connection: "psycopg.Connection[Any]", names: RoleNames, schema: str) -> None:
    """As the migrator itself: the right to create roles is not inherited by the owner."""
    words = {
        "role": sql.Identifier(names.of_schema(schema)),
        "tenant": sql.Identifier(names.tenant),
        "app": sql.Identifier(names.app),
    }
    for statement in (
        "CREATE ROLE {role} NOLOGIN",
        "GRANT {tenant} TO {role} WITH INHERIT TRUE, SET FALSE",
        "GRANT {role} TO {app} WITH INHERIT FALSE, SET TRUE",
    ):
        connection.execute(sql.SQL(statement).format(**words))


def create_schema(connection: "psycopg.Connection[Any]", names: RoleNames, schema: str) -> None:
    """As the owner; tables that later migrations add need no grant of their own."""
    words = {"role": sql.Identifier(names.of_schema(schema)), "schema": sql.Identifier(schema)}
    for statement in (
        "CREATE SCHEMA {schema}",
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ):
        connection.execute(sql.SQL(statement).format(**words))


def close_schema(connection: "psycopg.Connection[Any]", names: RoleNames, *, schema: str, kind: str) -> None:
    """After the tables, and after each migration: take back what the default privileges gave too much."""
    role = sql.Identifier(names.of_schema(schema))
    connection.execute(
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(
            sql.Identifier(schema, "django_migrations"), role
        )
    )
    for table in append_only_tables():
        connection.execute(
            sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(schema, table), role)
        )
    for table in kept_tables():
        words = (sql.Identifier(schema, table), role)
        connection.execute(sql.SQL("REVOKE DELETE ON {} FROM {}").format(*words))
        # It may have been append-only until this migration.
        connection.execute(sql.SQL("GRANT UPDATE ON {} TO {}").format(*words))
    if kind == Kind.GIE:
        shown = "tenants_caisse, tenants_domain, tenants_caissereport"
        connection.execute(sql.SQL(f"GRANT SELECT ON {shown} TO {{}}").format(role))
