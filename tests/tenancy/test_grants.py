from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, transaction
from django.db.models import F
from django_tenants.utils import tenant_context
from psycopg import sql

from guichet.tenancy.append_only import AppendOnly, append_only_tables, kept_tables
from guichet.tenancy.connection import connection
from guichet.tenancy.roles import RoleNames, SchemaNameRefusedError
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tenants.policy.models import PolicyVersion
from tenants.provisioning.connections import as_migrator, become_owner, role_names
from tenants.provisioning.grants import GUARDED_DEFER, PUBLISHED, QUEUE_TABLES, REPORTED
from tenants.selectors import caisse_of_schema
from tests.tenancy.catalogue import asked, logged_in, schemas
from tests.world import ALPHA, BETA, NOON

DENIED = r"permission denied|must be owner|must be able to SET ROLE"
SHARED_TABLES = {
    "django_migrations",
    "tenants_blueprint",
    "tenants_caisse",
    "tenants_caissereport",
    "tenants_domain",
    *QUEUE_TABLES,
}


@pytest.fixture
def append_only(db: None) -> list[tuple[str, str]]:
    """(schema, table) of each append-only table there is."""
    tables = [(schema, table) for schema in schemas() for table in append_only_tables()]
    assert {ALPHA, BETA, "gie"} <= {schema for schema, _ in tables}
    return tables


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM public.tenants_caisse",
        "SELECT * FROM public.tenants_domain",
        "SELECT * FROM public.django_migrations",
        "SELECT * FROM alpha.identity_user",
        "SELECT public.guichet_policy_published(2)",
        "SELECT * FROM public.procrastinate_jobs",
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
    ],
)
def test_the_web_login_may_do_nothing_by_itself(statement: str, db: None) -> None:
    with logged_in(role_names().app) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement.encode())


def test_the_web_login_becomes_a_caisse_and_nobody_else(db: None) -> None:
    names = role_names()
    with logged_in(names.app) as web:
        for role in (names.public, names.of_schema(ALPHA), names.of_schema(BETA)):
            web.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        for role in (names.owner, names.migrator, names.worker, names.queue, names.tenant, "postgres"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied to set role"):
                web.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


def test_the_worker_login_becomes_the_queue_and_reads_no_caisse(db: None) -> None:
    names = role_names()
    with logged_in(names.worker) as worker:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            worker.execute("SELECT * FROM public.procrastinate_jobs")
        for role in (names.owner, names.public, names.of_schema(ALPHA)):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied to set role"):
                worker.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        worker.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(names.queue)))
        worker.execute("SELECT * FROM public.procrastinate_jobs")
        for table in ("public.tenants_caisse", "alpha.identity_user"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                worker.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(*table.split("."))))


def test_no_login_is_powerful_and_each_membership_is_written_out(db: None) -> None:
    names = role_names()
    powers = asked(
        "SELECT rolname, rolsuper OR rolcreatedb OR rolreplication OR rolbypassrls, rolinherit, rolcreaterole"
        " FROM pg_roles WHERE rolname LIKE %s AND rolcanlogin",
        f"{names.prefix}\\_%",
    )
    assert sorted(powers) == sorted(
        [
            (names.app, False, False, False),
            (names.migrator, False, False, True),
            (names.worker, False, False, False),
        ]
    )
    members = asked(
        "SELECT r.rolname, m.rolname, g.admin_option, g.inherit_option, g.set_option FROM pg_auth_members g"
        " JOIN pg_roles r ON r.oid = g.roleid JOIN pg_roles m ON m.oid = g.member"
        " WHERE r.rolname LIKE %s AND m.rolname IN (%s, %s)",
        f"{names.prefix}\\_%",
        names.app,
        names.worker,
    )
    may_become = [(names.public, names.app), (names.queue, names.worker)]
    may_become += [(names.of_schema(schema), names.app) for schema in schemas()]
    assert sorted(members) == sorted((role, login, False, False, True) for role, login in may_become)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE pawn_contract ADD COLUMN mine int",
        "ALTER TABLE pawn_contract DISABLE TRIGGER ALL",
        "DROP TABLE pawn_contract",
        "DROP SCHEMA alpha CASCADE",
        "TRUNCATE pawn_contract CASCADE",
        "CREATE INDEX mine ON pawn_contract (number)",
        "COMMENT ON TABLE pawn_contract IS 'mine'",
        "SELECT * FROM public.tenants_caisse",
        "SELECT * FROM public.tenants_domain",
        "SELECT * FROM public.tenants_blueprint",
        "SELECT * FROM public.tenants_caissereport",
        "UPDATE public.tenants_caissereport SET as_of = now()",
        "DELETE FROM public.tenants_caissereport",
        "SELECT * FROM public.django_migrations",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        "UPDATE django_migrations SET name = 'b'",
        "DELETE FROM django_migrations",
        "SET SESSION AUTHORIZATION postgres",
        "SELECT pg_read_file('/etc/hostname')",
        "COPY pawn_contract TO PROGRAM 'true'",
    ],
)
def test_a_caisse_may_not(statement: str, in_alpha: Caisse) -> None:
    with (
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match=DENIED) as refused,
        transaction.atomic(),
    ):
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_a_grant_that_a_caisse_gives_away_gives_nothing(in_alpha: Caisse) -> None:
    rights = "SELECT relacl::text FROM pg_class WHERE oid = 'alpha.identity_user'::regclass"
    with connection.cursor() as cursor:
        cursor.execute(rights)
        before = cursor.fetchone()
        # PostgreSQL only warns that nothing was granted.
        cursor.execute(f"GRANT SELECT ON identity_user TO {role_names().of_schema(BETA)}, PUBLIC")
        cursor.execute(rights)
        assert cursor.fetchone() == before


def test_the_gie_reads_the_rows_of_the_caisses_and_writes_none(db: None) -> None:
    with tenant_context(caisse_of_schema(schema="gie")):
        assert Caisse.objects.filter(schema_name=ALPHA).exists()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Caisse.objects.update(state="suspended")
        with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT * FROM alpha.identity_user")


def test_the_role_of_public_reads_who_the_caisses_are_and_nothing_else(db: None) -> None:
    names = role_names()
    rights = asked(
        "SELECT table_name, string_agg(privilege_type, ',' ORDER BY 1) FROM information_schema.table_privileges"
        " WHERE grantee = %s GROUP BY 1",
        names.public,
    )
    assert sorted(rights) == [
        ("django_migrations", "SELECT"),
        ("tenants_caisse", "SELECT"),
        ("tenants_domain", "SELECT"),
    ]


def test_the_role_of_public_reads_one_column_of_the_queue(db: None) -> None:
    names = role_names()
    columns = asked(
        "SELECT c.oid::regclass::text, a.attname, x.privilege_type FROM pg_attribute a"
        " JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) x"
        " WHERE x.grantee <> %s::regrole AND c.relowner = %s::regrole",
        *[names.owner] * 2,
    )
    assert columns == [("procrastinate_workers", "last_heartbeat", "SELECT")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        for refused in (
            "SELECT id FROM procrastinate_workers",
            "SELECT count(*) FROM procrastinate_jobs",
            "UPDATE procrastinate_workers SET last_heartbeat = now()",
            "DELETE FROM procrastinate_workers",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(refused)


def test_a_caisse_does_not_see_whether_a_worker_lives(in_alpha: Caisse) -> None:
    with (
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute("SELECT max(last_heartbeat) FROM public.procrastinate_workers")


def test_trap_3_no_table_of_people_stands_in_public(db: None) -> None:
    tables = asked("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert {name for (name,) in tables} == SHARED_TABLES


def test_everything_belongs_to_the_owner(db: None) -> None:
    names = role_names()
    others = asked(
        "SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner) FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname !~ '^(pg_|information_schema)' AND c.relowner <> %s::regrole"
        " UNION ALL SELECT nspname, '', pg_get_userbyid(nspowner) FROM pg_namespace"
        " WHERE nspname !~ '^(pg_|information_schema)' AND nspowner <> %s::regrole"
        " UNION ALL SELECT n.nspname, p.proname, pg_get_userbyid(p.proowner) FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname !~ '^(pg_|information_schema)' AND p.proowner <> %s::regrole",
        *[names.owner] * 3,
    )
    assert others == []


def test_a_table_of_a_caisse_is_open_to_its_own_role_alone(db: None) -> None:
    names = role_names()
    grantees = asked(
        "SELECT DISTINCT n.nspname, a.grantee::regrole::text FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a"
        " WHERE n.nspname = ANY(%s) AND a.grantee <> %s::regrole",
        schemas(),
        names.owner,
    )
    assert sorted(grantees) == sorted((schema, names.of_schema(schema)) for schema in schemas())


def test_the_functions_that_a_caisse_may_call_are_guarded(db: None) -> None:
    names = role_names()
    callers = {
        GUARDED_DEFER: {names.tenant, names.queue},
        PUBLISHED: {names.tenant},
        REPORTED: {names.tenant},
    }
    for function, allowed in callers.items():
        [(definer, settings, owner, grantees)] = asked(
            "SELECT prosecdef, proconfig, pg_get_userbyid(proowner),"
            " (SELECT array_agg(DISTINCT grantee::regrole::text) FROM aclexplode(proacl))"
            " FROM pg_proc WHERE oid = %s::regprocedure",
            f"public.{function}",
        )
        assert definer
        assert settings == ["search_path=public, pg_temp"]
        assert owner == names.owner
        assert set(grantees) == allowed | {names.owner}


def test_no_other_function_runs_with_the_rights_of_its_owner(db: None) -> None:
    definers = asked(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosecdef AND n.nspname !~ '^(pg_|information_schema)'"
    )
    names = {name.partition("(")[0] for (name,) in definers}
    # One in each schema, for its own table alone (tests.journal.test_sealing).
    own = {name for name in names if name.endswith(".journal_erase_addresses")}
    assert names - own == {
        "procrastinate_defer_jobs_v1",
        "guichet_policy_published",
        "guichet_caisse_report",
    }
    assert {"alpha.journal_erase_addresses", "beta.journal_erase_addresses"} <= own


def test_a_function_with_the_rights_of_its_owner_looks_in_its_own_schema_alone(db: None) -> None:
    paths = asked(
        "SELECT n.nspname, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosecdef AND n.nspname !~ '^(pg_|information_schema)'"
    )
    assert all(path == [f"search_path={schema}, pg_temp"] for schema, path in paths)


def test_an_append_only_table_takes_rows_and_gives_them_back_and_nothing_more(
    append_only: list[tuple[str, str]],
) -> None:
    for schema, table in append_only:
        rights = asked(
            "SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) p"
            " WHERE has_table_privilege(%s, %s, p)",
            role_names().of_schema(schema),
            f"{schema}.{table}",
        )
        assert sorted(rights) == [("INSERT",), ("SELECT",)], f"{schema}.{table}"
        columns = asked(
            "SELECT has_any_column_privilege(%s, %s, 'UPDATE')",
            role_names().of_schema(schema),
            f"{schema}.{table}",
        )
        assert columns == [(False,)], f"{schema}.{table}"


def test_what_was_paid_and_handed_over_is_never_removed(in_alpha: Caisse) -> None:
    assert {"payments_payment", "payments_paymentline", "payments_refund", "pawn_handover"} <= set(
        kept_tables()
    )
    for table in kept_tables():
        with pytest.raises(ProgrammingError, match="permission denied for table"), transaction.atomic():
            connection.cursor().execute(f"DELETE FROM {table}")  # noqa: S608  # our own words


def test_the_journal_and_the_policies_are_append_only(db: None) -> None:
    assert issubclass(Event, AppendOnly)
    assert issubclass(PolicyVersion, AppendOnly)
    assert {"journal_event", "policy_policyversion"} <= set(append_only_tables())


@pytest.mark.parametrize("model", [Event, PolicyVersion])
def test_a_row_of_an_append_only_table_is_neither_changed_nor_removed(
    model: type[AppendOnly], in_alpha: Caisse
) -> None:
    Event.objects.create(kind="test", at=NOON)
    rows: Any = model._default_manager.all()
    for act in (
        lambda: rows.update(id=F("id")),
        rows.delete,
        lambda: rows.latest("pk").save(),
        lambda: rows.latest("pk").delete(),
        lambda: list(rows.select_for_update()),
    ):
        with pytest.raises(ProgrammingError, match="permission denied for table"), transaction.atomic():
            act()


def test_a_table_that_a_later_migration_makes_is_open_to_its_caisse_alone(committed: None) -> None:
    names = role_names()
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute("CREATE TABLE alpha.later (id bigserial PRIMARY KEY)")
        rights = owner.execute(
            "SELECT r, p FROM unnest(%s::text[]) r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p"
            " WHERE has_table_privilege(r, 'alpha.later', p)",
            [
                [
                    names.of_schema(ALPHA),
                    names.of_schema(BETA),
                    names.public,
                    names.tenant,
                    names.app,
                    names.queue,
                ]
            ],
        ).fetchall()
        owner.rollback()
    assert sorted(rights) == [
        (names.of_schema(ALPHA), right) for right in ("DELETE", "INSERT", "SELECT", "UPDATE")
    ]


def test_two_databases_of_one_cluster_share_no_role_name() -> None:
    pairs = [("guichet", "guichet_test"), ("guichet-a", "guichet_a"), ("Guichet", "guichet"), ("a", "b")]
    for one, other in pairs:
        assert not names_of(one) & names_of(other)


def names_of(database: str) -> set[str]:
    names = RoleNames.of_database(database)
    roles = {names.owner, names.migrator, names.app, names.public, names.tenant, names.queue, names.worker}
    assert len(roles) == 7
    longest = names.of_schema("a" * 39)
    assert len(longest.encode()) <= 63
    return roles | {longest, names.of_schema("alpha"), names.schema_role_start}


def test_no_role_of_a_database_begins_like_one_of_another() -> None:
    one, other = RoleNames.of_database("guichet"), RoleNames.of_database("guichet2")
    assert not one.schema_role_start.startswith(other.prefix)
    assert not other.schema_role_start.startswith(one.prefix)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Alpha",
        "1alpha",
        "pg_alpha",
        "pg_catalog",
        "alpha;drop",
        'al"pha',
        "al'pha",
        "alpha beta",
        "alpha-beta",
        "alpha\n",
        "alpha\x00",
        "alphaé",
        "ａlpha",
        "a" * 40,
        "alpha.beta",
        "$user",
    ],
)
def test_a_hostile_schema_name_has_no_role(name: str) -> None:
    with pytest.raises(SchemaNameRefusedError):
        role_names().of_schema(name)
