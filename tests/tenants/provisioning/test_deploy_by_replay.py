import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from psycopg import sql

from tenants.provisioning.blueprint import code_digest, make_blueprint, read_blueprint, states
from tenants.provisioning.connections import as_migrator, become_owner, role_names
from tenants.provisioning.deploy import CaissesLeftBehindError, deploy
from tenants.provisioning.schemas import replay
from tenants.provisioning.write_caisse import write_caisse
from tests.tenants.provisioning.catalogue import Facts, facts_of
from tests.tenants.provisioning.conftest import UNDO_JOURNAL, as_owner, row, version

PATIENCE_SECONDS = 60

# What a release without the journal would have left.
UNDO = (
    *UNDO_JOURNAL,
    "DELETE FROM {schema}.django_migrations WHERE app = 'journal'",
    "DELETE FROM {schema}.auth_permission WHERE codename SIMILAR TO '%_(event|seal)'",
    "DELETE FROM {schema}.django_content_type WHERE app_label = 'journal'",
)

UNDO_PAWN = (
    (
        "DROP TABLE {schema}.pawn_actcharged, {schema}.pawn_block, {schema}.pawn_handover, {schema}.pawn_notice, "
        "{schema}.pawn_numberseries, {schema}.pawn_operationline, {schema}.pawn_sale, {schema}.pawn_operation, "
        "{schema}.pawn_pledgedobject, {schema}.pawn_contract, {schema}.pawn_tariff, "
        "{schema}.pawn_waiver"
    ),
    (
        "DROP FUNCTION {schema}.pawn_legal_step, {schema}.pawn_frozen, {schema}.pawn_operation_adds_up, "
        "{schema}.pawn_contract_adds_up, {schema}.pawn_term_is_agreed, {schema}.pawn_extra_time_is_given, "
        "{schema}.pawn_sale_adds_up, {schema}.pawn_takes_back"
    ),
    "DELETE FROM {schema}.django_migrations WHERE app = 'pawn'",
)


def make_older(schema: str) -> None:
    as_owner(*UNDO, schema=schema)


def facts(schema: str) -> Facts:
    with as_migrator() as owner:
        become_owner(owner)
        return facts_of(owner, schema=schema, role=role_names().of_schema(schema))


def state(schema: str) -> str:
    with as_migrator() as owner:
        become_owner(owner)
        return states(owner, [schema])[schema]


@pytest.fixture
def older(throwaway: list[str]) -> Iterator[Callable[[str], str]]:
    """Makes caisses as the release before would have; the blueprint is that release's too until the deploy."""
    with as_migrator() as owner:
        become_owner(owner)
        blueprint = read_blueprint(owner)
    assert blueprint
    old = blueprint.schema_name
    make_older(old)
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute("UPDATE tenants_blueprint SET code_digest = 'older', state = %s", [state(old)])

    def make(schema: str) -> str:
        throwaway.append(schema)
        write_caisse(row=row(schema), version=version())
        make_older(schema)
        return schema

    yield make
    # What was taken away and made again has other numbers than in the blueprint of the world.
    make_blueprint(digest=code_digest())
    as_owner("DROP SCHEMA {old} CASCADE", old=old)


def test_a_caisse_behind_is_brought_up_by_the_statements_of_the_blueprint(
    older: Callable[[str], str], throwaway: list[str]
) -> None:
    schemas = [older("essai_a"), older("essai_b")]

    done = deploy(say=lambda _: None)

    assert (done.migrated, done.replayed) == (2, 2)
    throwaway.append("essai_new")
    with as_migrator() as owner:
        replay(owner, schema="essai_new", kind="caisse")
    new = facts("essai_new")
    # The content type that was taken away has a later number than in the script.
    numbered = {"rows of django_content_type", "rows of auth_permission", "rows of policy_policyversion"}
    for schema in schemas:
        found = facts(schema)
        assert {name for name in new if new[name] != found[name]} <= numbered | {"sequences"}
        assert len(found["rows of auth_permission"]) == len(new["rows of auth_permission"])
        assert found["rows of django_migrations"] == new["rows of django_migrations"]
    assert deploy(say=lambda _: None).migrated == 0


def test_a_caisse_that_cannot_be_brought_up_fails_alone_and_stays_as_it_was(
    older: Callable[[str], str],
) -> None:
    broken, sound = older("essai_a"), older("essai_b")
    as_owner("CREATE TABLE {schema}.journal_event (id int)", schema=broken)
    before = facts(broken)

    with pytest.raises(CaissesLeftBehindError, match="essai_a") as refused:
        deploy(say=lambda _: None)

    assert "essai_b" not in str(refused.value)
    assert facts(broken) == before
    assert state(sound) == state("alpha") != state(broken)
    as_owner("DROP TABLE {schema}.journal_event", schema=broken)
    assert deploy(say=lambda _: None).migrated == 1


@pytest.mark.slow
def test_a_caisse_that_cannot_be_migrated_the_long_way_fails_alone_too(
    throwaway: list[str],
) -> None:
    for schema in ("essai_a", "essai_b"):
        throwaway.append(schema)
        write_caisse(row=row(schema), version=version())
        make_older(schema)
    as_owner("CREATE TABLE essai_a.journal_event (id int)")

    with pytest.raises(CaissesLeftBehindError, match="essai_a") as refused:
        deploy(say=lambda _: None)

    assert isinstance(refused.value.__cause__, Exception)
    assert state("essai_b") == state("alpha") != state("essai_a")


@contextmanager
def in_use(schema: str, table: str, mode: str) -> Iterator[None]:
    """Somebody holds, for as long as the deploy lasts, what it wants to change; they must not be waited for."""
    waited_for = threading.Event()
    with as_migrator() as reader:
        become_owner(reader)
        held = sql.Identifier(schema, table)
        reader.execute(sql.SQL("LOCK TABLE {} IN " + mode + " MODE").format(held))

        def let_go() -> None:
            waited_for.set()
            reader.rollback()

        # A deploy that waits must fail the test, not hang it.
        patience = threading.Timer(PATIENCE_SECONDS, let_go)
        patience.start()
        yield
        patience.cancel()
        patience.join()
        assert not waited_for.is_set()
        reader.rollback()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("tape", "blueprint"):
        monkeypatch.setattr(f"tenants.provisioning.{module}.LOCK_TIMEOUT", "200ms")


def test_a_caisse_in_use_does_not_hold_up_the_others(older: Callable[[str], str], impatient: None) -> None:
    busy, idle = older("essai_a"), older("essai_b")
    with in_use(busy, "django_migrations", "SHARE"), pytest.raises(CaissesLeftBehindError, match="essai_a"):
        deploy(say=lambda _: None)
    assert state(idle) == state("alpha") != state(busy)
    assert deploy(say=lambda _: None).replayed == 0
    assert state(busy) == state("alpha")


@pytest.mark.slow
def test_a_caisse_in_use_does_not_hold_up_the_long_way_either(throwaway: list[str], impatient: None) -> None:
    for schema in ("essai_a", "essai_b"):
        throwaway.append(schema)
        write_caisse(row=row(schema), version=version())
        as_owner(*UNDO_PAWN, schema=schema)
    # Contracts refer to clients, whom somebody is writing.
    with (
        in_use("essai_a", "clients_client", "ROW EXCLUSIVE"),
        pytest.raises(CaissesLeftBehindError, match="essai_a"),
    ):
        deploy(say=lambda _: None)
    assert state("essai_b") == state("alpha") != state("essai_a")
    assert deploy(say=lambda _: None).migrated == 1
