"""Bring the database to the code: `public`, the blueprint, then each caisse that is behind."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from django.core.management import call_command
from django.db import DatabaseError
from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand

from tenants.models import Blueprint, Kind
from tenants.provisioning.blueprint import (
    advance_blueprint,
    as_schema_owner,
    code_digest,
    make_blueprint,
    migrate_schema,
    read_blueprint,
    states,
)
from tenants.provisioning.bootstrap import bootstrap
from tenants.provisioning.connections import ServerUnreachableError, as_migrator, become_owner, role_names
from tenants.provisioning.grants import close_schema, grant_public
from tenants.provisioning.tape import Tape

Say = Callable[[str], None]


class CaissesLeftBehindError(RuntimeError):
    """Some caisses could not be brought up, and stay as they were; all others were. The message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What a deploy found and did: caisses in all, caisses migrated, those of them by replay."""

    caisses: int
    migrated: int
    replayed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fleet:
    """Every schema's kind and state."""

    kinds: dict[str, str]
    states: dict[str, str]


def deploy(*, say: Say) -> Deployed:
    """Idempotent. With nothing to do it costs two logins and a few queries, however many the caisses.

    Raises ServerUnreachableError, ServerTooOldError, DumpFailedError, CaissesLeftBehindError.
    """
    digest = code_digest()
    old = _blueprint_before()
    tape = Tape()
    blueprint = old
    if blueprint is None or blueprint.code_digest != digest:
        say("rôles et tables communes")
        bootstrap()
        _migrate_public()
        say("modèle de schéma")
        blueprint = (
            make_blueprint(digest=digest) if old is None else advance_blueprint(old, digest=digest, tape=tape)
        )
    fleet = _read_fleet()
    behind = [schema for schema, state in fleet.states.items() if state != blueprint.state]
    can_replay = old is not None and tape.playable and old.state != blueprint.state
    replayed = {schema for schema in behind if can_replay and old and fleet.states[schema] == old.state}
    failures: dict[str, Exception] = {}
    for position, schema in enumerate(behind, start=1):
        say(f"migration de {schema} ({position}/{len(behind)})")
        try:
            _bring_up(
                schema=schema,
                kind=fleet.kinds[schema],
                tape=tape if schema in replayed else None,
                blueprint=blueprint,
            )
        except (psycopg.Error, DatabaseError) as error:
            failures[schema] = error
    if failures:
        reasons = "; ".join(
            f"{schema} : {' '.join(str(error).split())}" for schema, error in failures.items()
        )
        raise CaissesLeftBehindError(reasons) from next(iter(failures.values()))
    return Deployed(caisses=len(fleet.kinds), migrated=len(behind), replayed=len(replayed))


def _blueprint_before() -> Blueprint | None:
    try:
        connection = as_migrator()
    except ServerUnreachableError:
        # Before the first bootstrap the migrator cannot log in; a server that is down fails again there.
        return None
    with connection:
        try:
            become_owner(connection)
        except psycopg.errors.InsufficientPrivilege:
            return None
        return read_blueprint(connection)


def _read_fleet() -> _Fleet:
    """The grants on `public` are given again first: a release may ask for another one without a migration."""
    with as_migrator() as connection:
        become_owner(connection)
        grant_public(connection, role_names())
        rows = connection.execute(
            "SELECT schema_name, kind FROM tenants_caisse WHERE kind <> %s ORDER BY 1", [Kind.FRONT]
        ).fetchall()
        return _Fleet(kinds=dict(rows), states=states(connection, [schema for schema, _ in rows]))


def _migrate_public() -> None:
    with as_schema_owner():
        call_command(MigrateSchemasCommand(), shared=True, interactive=False, verbosity=0)


def _bring_up(*, schema: str, kind: str, tape: Tape | None, blueprint: Blueprint) -> None:
    """One caisse to the blueprint's state: it alone fails, and stays as it was, when its tables differ."""
    if tape is None:
        migrate_schema(schema)
    with as_migrator() as connection:
        become_owner(connection)
        if tape is not None:
            tape.play(connection, schema=schema, model=blueprint.schema_name)
        close_schema(connection, role_names(), schema=schema, kind=kind)
