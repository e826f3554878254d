import psycopg
import pytest
from django.db import ProgrammingError
from django_tenants.utils import tenant_context

from guichet.tenancy.append_only import append_only_tables, kept_tables
from guichet.tenancy.connection import connection
from guichet.tenancy.roles import SchemaNameRefusedError
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tenants.provisioning.blueprint import migrate_schema
from tenants.provisioning.connections import as_migrator, become_owner, role_names
from tenants.provisioning.grants import close_schema, create_schema, create_schema_role
from tenants.provisioning.schemas import NoBlueprintError, drop, replay, schema_exists
from tests.tenants.provisioning.catalogue import Facts, facts_of
from tests.tenants.provisioning.conftest import role_exists
from tests.world import NOON

HOSTILE = (
    "",
    "public",
    "information_schema",
    "pg_catalog",
    "zz_blueprint_0",
    "pg_temp",
    "Essai",
    "essai; DROP SCHEMA alpha CASCADE",
    'essai"; DROP SCHEMA alpha CASCADE; --',
    "essai'",
    "essai alpha",
    "essai.alpha",
    "essai\x00",
    "essai\n",
    "é",
    "a" * 40,
)


def facts(schema: str) -> Facts:
    with as_migrator() as migrator:
        become_owner(migrator)
        return facts_of(migrator, schema=schema, role=role_names().of_schema(schema))


def replayed(schema: str, kind: str = "caisse") -> None:
    with as_migrator() as migrator:
        replay(migrator, schema=schema, kind=kind)


def migrated(schema: str) -> None:
    """The long way: Django's own migrations, one after the other."""
    names = role_names()
    with as_migrator() as migrator:
        create_schema_role(migrator, names, schema)
        become_owner(migrator)
        create_schema(migrator, names, schema)
    migrate_schema(schema)
    with as_migrator() as migrator:
        become_owner(migrator)
        close_schema(migrator, names, schema=schema, kind="caisse")


def test_a_replayed_schema_is_the_one_that_migrations_make(throwaway: list[str]) -> None:
    throwaway += ["essai_replayed", "essai_migrated"]
    replayed("essai_replayed")
    migrated("essai_migrated")

    short, long = facts("essai_replayed"), facts("essai_migrated")

    assert len(short["columns"]) > 150
    assert len(short["rows of django_migrations"]) > 20
    assert short["default rights"]
    assert sorted(short) == sorted(long)
    assert [
        (name, sorted(set(short[name]) ^ set(long[name]), key=repr)[:6])
        for name in short
        if short[name] != long[name]
    ] == []


def test_a_schema_of_the_world_is_still_the_one_that_a_replay_makes(throwaway: list[str]) -> None:
    throwaway.append("essai")
    replayed("essai")
    lived_in, fresh = facts("alpha"), facts("essai")
    grown = {name for name in fresh if name.startswith("rows of ")} | {"sequences"}
    assert {name for name in fresh if fresh[name] != lived_in[name]} <= grown


def test_the_rows_that_a_replay_makes_are_followed_by_the_next_number(throwaway: list[str]) -> None:
    throwaway.append("essai")
    replayed("essai")
    with as_migrator() as migrator:
        become_owner(migrator)
        highest, following = migrator.execute(
            "SELECT (SELECT max(id) FROM essai.django_content_type), nextval('essai.django_content_type_id_seq')"
        ).fetchone() or (0, 0)
        first = migrator.execute("SELECT nextval('essai.pawn_contract_id_seq')").fetchone()
    assert highest > 20
    assert following == highest + 1
    assert first == (1,)


def test_a_replayed_caisse_writes_its_tables_and_not_its_history(throwaway: list[str]) -> None:
    throwaway.append("essai")
    replayed("essai")
    with tenant_context(Caisse(schema_name="essai", kind="caisse", policy_version=1)):
        Event.objects.create(kind="essai", at=NOON)
        assert Event.objects.count() == 1
        for table in (*append_only_tables(), *kept_tables(), "django_migrations"):
            with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # our own words


@pytest.mark.parametrize("where", ["at the start", "at the end"])
def test_a_broken_script_leaves_nothing_the_role_included(where: str, throwaway: list[str]) -> None:
    throwaway.append("essai")
    change = {
        "at the start": "UPDATE tenants_blueprint SET script = E'SELECT 1/0;\\n' || script",
        "at the end": "UPDATE tenants_blueprint SET script = script || E'\\nSELECT 1/0;'",
    }[where]
    with pytest.raises(psycopg.errors.DivisionByZero), as_migrator() as migrator:  # noqa: PT012  # all of it is one transaction
        become_owner(migrator)
        migrator.execute(change)
        replay(migrator, schema="essai", kind="caisse")

    with as_migrator() as migrator:
        assert not schema_exists(migrator, "essai")
    assert not role_exists("essai")
    replayed("essai")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_schema_name_is_refused_before_any_statement(name: str, committed: None) -> None:
    with as_migrator() as migrator:
        with pytest.raises(SchemaNameRefusedError):
            replay(migrator, schema=name, kind="caisse")
        with pytest.raises(SchemaNameRefusedError):
            drop(migrator, schema=name)
        assert migrator.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_schema_that_exists_is_not_replayed_over(throwaway: list[str]) -> None:
    throwaway.append("essai")
    replayed("essai")
    before = facts("essai")
    with pytest.raises(psycopg.errors.DuplicateObject):
        replayed("essai")
    assert facts("essai") == before


def test_nothing_is_replayed_before_the_first_deploy(committed: None) -> None:
    with as_migrator() as migrator:
        become_owner(migrator)
        migrator.execute("DELETE FROM tenants_blueprint")
        with pytest.raises(NoBlueprintError):
            replay(migrator, schema="essai", kind="caisse")
        migrator.rollback()


@pytest.mark.parametrize("kind", ["caisse", "gie"])
def test_a_drop_takes_schema_and_role_away(kind: str, throwaway: list[str]) -> None:
    throwaway.append("essai")
    replayed("essai", kind)
    with as_migrator() as migrator:
        drop(migrator, schema="essai")
        assert not schema_exists(migrator, "essai")
    assert not role_exists("essai")


def test_a_drop_is_taken_back_with_its_transaction(throwaway: list[str]) -> None:
    throwaway.append("essai")
    replayed("essai")
    with as_migrator() as migrator:
        drop(migrator, schema="essai")
        migrator.rollback()
        assert schema_exists(migrator, "essai")
    assert role_exists("essai")
