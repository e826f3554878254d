"""Bring the database to the code: `public`, the blueprint, then each caisse that is behind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection as django_connection

from guichet.tenancy.roles import login_password
from tenants.models import Kind
from tenants.provisioning.blueprint import code_digest, make_blueprint, migrate_schema, states
from tenants.provisioning.bootstrap import bootstrap
from tenants.provisioning.connections import as_migrator, become_owner, role_names
from tenants.provisioning.grants import close_schema, grant_public

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deploy found and did."""

    caisses: int
    migrated: int
    changed: bool


def deploy(*, say: Say) -> Deployed:
    """Idempotent. With nothing to do it costs one login and one query over all caisses.

    Raises psycopg.OperationalError when the server does not answer, ServerTooOldError, DumpFailedError.
    """
    digest = code_digest()
    found = _read_states(digest)
    if found is None:
        say("rôles et tables communes")
        bootstrap()
        _migrate_public()
        say("modèle de schéma")
        make_blueprint(digest=digest)
        found = _read_states(digest)
        assert found is not None
    kinds, behind = found
    for position, schema in enumerate(behind, start=1):
        say(f"migration de {schema} ({position}/{len(behind)})")
        _migrate_caisse(schema=schema, kind=kinds[schema])
    return Deployed(caisses=len(kinds), migrated=len(behind), changed=bool(behind))


def _read_states(digest: str) -> tuple[dict[str, str], list[str]] | None:
    """Schema → kind, and the schemas behind; None when `public` is behind."""
    try:
        connection = as_migrator()
    except psycopg.OperationalError:
        # Before the first bootstrap the migrator cannot log in: the administrator will say if the server is down.
        return None
    with connection:
        become_owner(connection)
        if not _has_blueprint_table(connection):
            return None
        blueprint = connection.execute("SELECT code_digest, state FROM tenants_blueprint").fetchone()
        if blueprint is None or blueprint[0] != digest:
            return None
        rows = connection.execute(
            "SELECT schema_name, kind FROM tenants_caisse WHERE kind <> %s ORDER BY 1", [Kind.FRONT]
        ).fetchall()
        kinds = dict(rows)
        current = states(connection, list(kinds))
        return kinds, [schema for schema, state in current.items() if state != blueprint[1]]


def _has_blueprint_table(connection: "psycopg.Connection[Any]") -> bool:
    row = connection.execute("SELECT to_regclass('public.tenants_blueprint')").fetchone()
    return bool(row and row[0])


def _migrate_public() -> None:
    names = role_names()
    password = login_password(key=settings.DATABASE_KEY, login=names.migrator)
    with django_connection.acting_as(user=names.migrator, password=password, role=names.owner):
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    with as_migrator() as connection:
        become_owner(connection)
        grant_public(connection, names)


def _migrate_caisse(*, schema: str, kind: str) -> None:
    migrate_schema(schema)
    with as_migrator() as connection:
        become_owner(connection)
        close_schema(connection, role_names(), schema=schema, kind=kind)
