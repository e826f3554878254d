from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tenants.provisioning.blueprint import read_blueprint, states
from tenants.provisioning.bootstrap import bootstrap
from tenants.provisioning.connections import as_migrator, become_owner, role_names
from tenants.provisioning.deploy import deploy
from tenants.provisioning.write_caisse import write_caisse
from tests.tenants.provisioning.catalogue import facts_of
from tests.tenants.provisioning.conftest import UNDO_JOURNAL, as_owner, row, version
from tests.world import ALPHA, BETA, NOON

EVERYONE = (ALPHA, BETA, "gie")


def silent(line: str) -> None:
    pass


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement of a connection of one's own, in order."""
    seen: list[str] = []
    real = psycopg.Connection.execute

    def execute(self: "psycopg.Connection[Any]", query: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(str(query))
        return real(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Connection, "execute", execute)
    return seen


@pytest.fixture
def made(throwaway: list[str]) -> Callable[[str], str]:
    """Makes a caisse that is taken away after the test."""

    def make(schema: str) -> str:
        throwaway.append(schema)
        write_caisse(row=row(schema), version=version())
        return schema

    return make


def all_facts(*schemas: str) -> dict[str, Any]:
    with as_migrator() as owner:
        become_owner(owner)
        names = role_names()
        found = {each: facts_of(owner, schema=each, role=names.of_schema(each)) for each in schemas}
        # The counters of `public` move with whatever ran before.
        shared = facts_of(owner, schema="public", role=names.public)
        return {**found, "public": {key: value for key, value in shared.items() if key != "sequences"}}


def state_of(schema: str) -> tuple[str, str]:
    """Its own, and that of the blueprint."""
    with as_migrator() as owner:
        become_owner(owner)
        blueprint = read_blueprint(owner)
        assert blueprint
        return states(owner, [schema])[schema], blueprint.state


def test_a_second_deploy_changes_nothing(committed: None) -> None:
    before = all_facts(*EVERYONE)
    said: list[str] = []
    done = deploy(say=said.append)
    assert (done.caisses, done.migrated, done.replayed) == (3, 0, 0)
    assert said == []
    assert all_facts(*EVERYONE) == before


def test_a_deploy_with_nothing_to_do_costs_the_same_however_many_the_caisses(
    made: Callable[[str], str], counted: list[str]
) -> None:
    deploy(say=silent)
    with_three = len(counted)
    for number in range(3):
        made(f"essai_{number}")
    counted.clear()
    assert deploy(say=silent).caisses == 6
    assert len(counted) == with_three <= 10


def test_the_rights_of_the_roles_are_the_same_after_a_second_bootstrap(committed: None) -> None:
    before = all_facts(*EVERYONE)
    bootstrap()
    assert all_facts(*EVERYONE) == before


def test_a_caisse_that_lacks_a_migration_is_brought_up_and_closed_again(made: Callable[[str], str]) -> None:
    schema = made("essai")
    whole = all_facts(schema)[schema]
    as_owner(
        *UNDO_JOURNAL,
        "DELETE FROM {schema}.django_migrations WHERE app = 'journal'",
        schema=schema,
    )
    own, expected = state_of(schema)
    assert own != expected

    done = deploy(say=silent)

    assert (done.migrated, done.replayed) == (1, 0)
    assert len(set(state_of(schema))) == 1
    with tenant_context(Caisse(schema_name=schema, kind="caisse", policy_version=1)):
        Event.objects.create(kind="essai", at=NOON)
        with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("DELETE FROM journal_event")
    again = all_facts(schema)[schema]
    # The names of the objects, their columns and rights are as they were; the row is the test's own.
    changed = {name for name in whole if whole[name] != again[name]}
    assert changed <= {"rows of journal_event", "rows of django_migrations", "sequences"}


def test_other_caisses_are_left_alone_while_one_is_brought_up(made: Callable[[str], str]) -> None:
    schema = made("essai")
    before = all_facts(*EVERYONE)
    as_owner("DELETE FROM {schema}.django_migrations WHERE app = 'tenants' AND name >= '0002'", schema=schema)
    assert deploy(say=silent).migrated == 1
    after = all_facts(*EVERYONE)
    assert {each: after[each] for each in EVERYONE} == {each: before[each] for each in EVERYONE}


def test_a_caisse_whose_schema_is_lost_stops_the_deploy_and_is_not_made_anew(
    made: Callable[[str], str],
) -> None:
    schema = made("essai")
    as_owner("DROP SCHEMA {schema} CASCADE", schema=schema)
    try:
        with pytest.raises(psycopg.errors.UndefinedTable, match="essai"):
            deploy(say=silent)
        with pytest.raises(psycopg.errors.UndefinedTable, match="essai"):
            write_caisse(row=row(schema), version=version())
    finally:
        as_owner("CREATE SCHEMA IF NOT EXISTS {schema}", schema=schema)
