import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connections, transaction
from django.db.utils import Error as DjangoDatabaseError
from django_tenants.utils import tenant_context

from guichet.tenancy.backend.base import SwitchInsideTransactionError
from guichet.tenancy.backend.cursors import StaleCursorError
from guichet.tenancy.connection import connection
from guichet.tenancy.roles import login_password
from guichet.tenancy.router import NoTenantSetError
from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.pawn.models import Contract
from tenants.models import Caisse, RowsAreTheMigratorsError
from tenants.provisioning.connections import role_names
from tests.world import ALPHA, BETA, NOON

WHERE = "SELECT current_user, current_setting('search_path')"
GONE = r'role "\w+_t_ghost" does not exist'
GHOST = Caisse(schema_name="ghost", name="Fantôme", kind="caisse", policy_version=1)


def where() -> tuple[str, str]:
    """The role and the path that the database has, not those that Python believes in."""
    with connection.cursor() as cursor:
        cursor.execute(WHERE)
        found: tuple[str, str] = cursor.fetchone()
        return found


def standing_of(schema: str) -> tuple[str, str]:
    path = "public" if schema == "public" else f"{schema}, public"
    return role_names().of_schema(schema), path


def number() -> str:
    return Contract.objects.get().number


@pytest.fixture(params=[False, True], ids=["each cursor sets", "a switch sets"])
def limit(request: pytest.FixtureRequest) -> Iterator[None]:
    """Both ways of django-tenants: set the path for each cursor, or after a change only."""
    before = settings.TENANT_LIMIT_SET_CALLS
    settings.TENANT_LIMIT_SET_CALLS = request.param
    yield
    settings.TENANT_LIMIT_SET_CALLS = before


def test_each_caisse_has_its_own_role_and_path(alpha: Caisse, beta: Caisse, limit: None) -> None:
    assert where() == standing_of("public")
    for caisse in (alpha, beta, alpha):
        with tenant_context(caisse):
            assert where() == standing_of(caisse.schema_name)
            assert number() == f"{caisse.schema_name}-1"
    assert where() == standing_of("public")


def test_a_plan_that_is_kept_serves_each_caisse_its_own_rows(alpha: Caisse, beta: Caisse) -> None:
    for _ in range(2 * settings.DATABASES["default"]["OPTIONS"]["prepare_threshold"]):
        for caisse in (alpha, beta):
            with tenant_context(caisse):
                assert number() == f"{caisse.schema_name}-1"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement ~ 'pawn_contract'"
        )
        assert cursor.fetchone()[0] > 1


def test_a_switch_costs_one_statement_and_staying_costs_none(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha):
        number()
        before = len(connection.queries_log)
        connection.force_debug_cursor = True
        try:
            number()
            assert len(connection.queries_log) - before == 1
            connection.set_tenant(beta)
            number()
            assert len(connection.queries_log) - before == 3
        finally:
            connection.force_debug_cursor = False


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM beta.identity_user",
        "INSERT INTO beta.journal_event (kind, at, subject, details) VALUES ('x', now(), '', '{}')",
        "UPDATE beta.identity_user SET is_active = false",
        "DELETE FROM beta.identity_user",
        "SELECT nextval('beta.identity_user_id_seq')",
    ],
)
def test_the_other_caisse_is_out_of_reach_by_its_name(statement: str, in_alpha: Caisse) -> None:
    with (
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied for schema beta"),
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT set_config('role', 'postgres', false)",
        "SELECT set_config('search_path', 'beta', true)",
        "UPDATE pg_settings SET setting = 'beta' WHERE name = 'search_path'",
        "SELECT lo_create(0)",
        "SELECT n_live_tup FROM pg_stat_user_tables",
    ],
)
def test_nothing_inside_a_query_moves_to_another_caisse_or_out_of_all(
    statement: str, in_alpha: Caisse
) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(statement)


def test_a_wrong_search_path_reads_nothing(in_alpha: Caisse) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = beta")
        with pytest.raises(ProgrammingError, match="does not exist"):
            cursor.execute("SELECT number FROM pawn_contract")


def test_a_caisse_whose_schema_is_missing_reads_nothing_however_often_it_tries(
    committed: None, limit: None
) -> None:
    with tenant_context(GHOST):
        for _ in range(2):
            with pytest.raises(DjangoDatabaseError, match=GONE):
                Contract.objects.count()
        for _ in range(2):
            with pytest.raises(DjangoDatabaseError, match=GONE):
                list(Contract.objects.iterator())
    assert where() == standing_of("public")


def test_nothing_runs_as_the_caisse_before_when_the_next_one_is_missing(pair: dict[str, Caisse]) -> None:
    with tenant_context(pair[ALPHA]):
        number()
        connection.set_tenant(GHOST)
        with pytest.raises(DjangoDatabaseError, match="does not exist"):
            number()
        connection.set_tenant(pair[BETA])
        assert number() == "beta-1"


def test_a_switch_inside_a_transaction_is_refused(pair: dict[str, Caisse]) -> None:
    with tenant_context(pair[ALPHA]):
        with transaction.atomic():
            with pytest.raises(SwitchInsideTransactionError):
                connection.set_tenant(pair[BETA])
            with pytest.raises(SwitchInsideTransactionError):
                connection.set_schema_to_public()
            with pytest.raises(SwitchInsideTransactionError), tenant_context(pair[BETA]):
                pass
            assert connection.schema_name == ALPHA
            assert number() == "alpha-1"
        connection.set_tenant(pair[BETA])
        assert number() == "beta-1"


def test_a_switch_inside_a_savepoint_is_refused_even_in_a_test(alpha: Caisse, beta: Caisse) -> None:
    with tenant_context(alpha), transaction.atomic(), pytest.raises(SwitchInsideTransactionError):
        connection.set_tenant(beta)


def test_turning_to_the_same_caisse_inside_a_transaction_is_no_switch(pair: dict[str, Caisse]) -> None:
    with tenant_context(pair[ALPHA]), transaction.atomic(), tenant_context(pair[ALPHA]):
        assert number() == "alpha-1"


def test_a_savepoint_that_rolls_back_does_not_leave_the_caisse_before(
    alpha: Caisse, beta: Caisse, limit: None
) -> None:
    with tenant_context(alpha):
        assert number() == "alpha-1"
        savepoint = transaction.savepoint()
        connection.set_tenant(beta)
        assert number() == "beta-1"
        transaction.savepoint_rollback(savepoint)
        # The rollback took the setting back in the database; Python must know.
        assert where() == standing_of(BETA)
        assert number() == "beta-1"


def test_a_transaction_that_rolls_back_does_not_leave_the_caisse_before(
    pair: dict[str, Caisse], limit: None
) -> None:
    with tenant_context(pair[ALPHA]):
        number()
    with tenant_context(pair[BETA]):
        with pytest.raises(IntegrityError), transaction.atomic():
            Client.objects.create(number="C-1")
        assert where() == standing_of(BETA)
        assert number() == "beta-1"


def test_a_cursor_kept_across_a_switch_is_refused(pair: dict[str, Caisse], limit: None) -> None:
    with tenant_context(pair[ALPHA]), connection.cursor() as kept:
        kept.execute("SELECT number FROM pawn_contract")
        connection.set_tenant(pair[BETA])
        with pytest.raises(StaleCursorError):
            kept.execute("SELECT number FROM pawn_contract")
        with pytest.raises(StaleCursorError):
            kept.executemany("UPDATE pawn_contract SET kept_at = %s", [("x",)])
        with pytest.raises(StaleCursorError):
            kept.callproc("pg_backend_pid")
        with pytest.raises(StaleCursorError):
            kept.copy("COPY pawn_contract TO STDOUT")
        with pytest.raises(StaleCursorError):
            kept.stream("SELECT number FROM pawn_contract")
        number()
        with pytest.raises(StaleCursorError):
            kept.execute("SELECT number FROM pawn_contract")
        connection.set_tenant(pair[ALPHA])
        # Back where it was opened, but the database may still be elsewhere.
        with pytest.raises(StaleCursorError):
            kept.execute("SELECT number FROM pawn_contract")


def test_a_cursor_kept_across_a_switch_is_refused_while_statements_are_logged(
    pair: dict[str, Caisse],
) -> None:
    connection.force_debug_cursor = True
    try:
        with tenant_context(pair[ALPHA]), connection.cursor() as kept:
            connection.set_tenant(pair[BETA])
            with pytest.raises(StaleCursorError):
                kept.execute("SELECT number FROM pawn_contract")
            with pytest.raises(StaleCursorError):
                kept.copy("COPY pawn_contract TO STDOUT")
    finally:
        connection.force_debug_cursor = False


def test_a_cursor_kept_across_a_rollback_is_still_its_own_caisses(pair: dict[str, Caisse]) -> None:
    with tenant_context(pair[ALPHA]):
        number()
    with tenant_context(pair[BETA]):
        transaction.set_autocommit(autocommit=False)
        try:
            # The role is set inside the transaction, so the rollback brings alpha's back.
            with connection.cursor() as kept:
                kept.execute(WHERE)
                transaction.rollback()
                kept.execute(WHERE)
                assert kept.fetchone() == standing_of(BETA)
        finally:
            transaction.rollback()
            transaction.set_autocommit(autocommit=True)


def test_rows_that_a_cursor_fetches_after_a_switch_are_those_it_asked_for(
    alpha: Caisse, beta: Caisse
) -> None:
    for caisse in (beta, alpha):
        with tenant_context(caisse):
            Client.objects.create(number="C-2", last_name=caisse.name)
    with tenant_context(alpha):
        rows = Client.objects.order_by("id").values_list("last_name", flat=True).iterator(chunk_size=1)
        assert next(rows) == "Alpha"
        connection.set_tenant(beta)
        assert list(rows) == ["Caisse Alpha"]


def test_a_statement_smuggled_behind_a_semicolon_is_refused(in_alpha: Caisse) -> None:
    smuggled = f"SELECT number FROM pawn_contract WHERE number = %s; SET ROLE {role_names().of_schema(BETA)}"  # noqa: S608  # what is refused
    with pytest.raises(ProgrammingError, match="cannot insert multiple commands"), transaction.atomic():
        list(Contract.objects.raw(smuggled, ["alpha-1"]))
    with (
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="cannot insert multiple commands"),
        transaction.atomic(),
    ):
        cursor.execute(smuggled, ["alpha-1"])
    assert where() == standing_of(ALPHA)


def test_a_deferred_check_runs_before_any_switch_and_as_the_caisse_that_wrote(
    pair: dict[str, Caisse],
) -> None:
    terms = {"kept_at": "Alpha", "amount_lent": 1, "amount_due": 1, "amount_due_as_of": NOON}
    with tenant_context(pair[ALPHA]):
        with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():  # noqa: PT012  # it is raised at the commit
            Contract.objects.create(
                number="orphan", client_id=999, opened_on="2026-05-02", due_on="2027-05-02", **terms
            )
            with pytest.raises(SwitchInsideTransactionError):
                connection.set_tenant(pair[BETA])
        assert Contract.objects.count() == 1


def test_rows_of_the_caisses_are_refused_while_no_caisse_is_set(db: None) -> None:
    for act in (
        User.objects.count,
        lambda: list(User.objects.iterator()),
        lambda: User.objects.create(kind="staff"),
        lambda: User.objects.bulk_create([User(kind="staff")]),
        lambda: User.objects.filter(pk=1).update(is_active=False),
        lambda: User.objects.filter(pk=1).delete(),
        lambda: list(User.objects.raw("SELECT * FROM alpha.identity_user")),
        lambda: User(pk=1).refresh_from_db(),
    ):
        with pytest.raises(NoTenantSetError):
            act()


@pytest.mark.parametrize("table", ["alpha.identity_user", "identity_user"])
def test_the_database_itself_refuses_them_while_no_caisse_is_set(table: str, db: None) -> None:
    with (
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match=r"permission denied|does not exist"),
        transaction.atomic(),
    ):
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  # our own words


def test_rows_of_the_caisses_themselves_are_written_by_no_web_process(alpha: Caisse) -> None:
    with pytest.raises(RowsAreTheMigratorsError):
        alpha.save()
    for act in (
        lambda: Caisse.objects.filter(pk=alpha.pk).update(state="suspended"),
        lambda: Caisse.objects.filter(pk=alpha.pk).delete(),
        lambda: Caisse.objects.bulk_create([Caisse(schema_name="gamma", kind="caisse")]),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            act()
        with (
            tenant_context(alpha),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            act()


def test_acting_as_the_owner_is_seen_by_no_other_thread(committed: None) -> None:
    names = role_names()
    password = login_password(key=settings.DATABASE_KEY, login=names.migrator)
    seen: list[tuple[str, str]] = []

    def look() -> None:
        try:
            seen.append(where())
        finally:
            connections.close_all()

    with connection.acting_as(user=names.migrator, password=password, role=names.owner):
        assert where()[0] == names.owner
        other = threading.Thread(target=look)
        other.start()
        other.join(timeout=20)
    assert seen == [standing_of("public")]
    assert where() == standing_of("public")
