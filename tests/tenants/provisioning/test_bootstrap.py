from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from guichet.embedded import EmbeddedServer
from guichet.tenancy.roles import RoleNames
from tenants.provisioning.bootstrap import bootstrap
from tenants.provisioning.connections import address, as_administrator, role_names

OTHER = "another_platform"
LOGINS = ("app", "migrator", "worker")
ROLES = (*LOGINS, "owner", "public", "tenant", "queue")

Move = Callable[..., None]


def roles_of(names: RoleNames) -> list[str]:
    return [getattr(names, each) for each in ROLES]


@pytest.fixture
def other_database(
    committed: None, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], None]]:
    """A second database on the cluster, and the way to turn the settings to it, as its owner or a superuser."""
    before = settings.DATABASES["default"]["NAME"]
    with as_administrator() as root:
        root.execute("CREATE ROLE hosted_admin LOGIN CREATEROLE")
    server.ensure_database(OTHER)

    def turn_to(administrator: str) -> None:
        with psycopg.connect(address(), autocommit=True) as root:
            owner = sql.Identifier(administrator)
            root.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(OTHER), owner))
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", OTHER)
        monkeypatch.setitem(settings.ADMINISTRATOR, "USER", administrator)

    yield turn_to
    monkeypatch.undo()
    assert settings.DATABASES["default"]["NAME"] == before
    with psycopg.connect(address(), autocommit=True) as root:
        root.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(OTHER)))
        for role in (*roles_of(RoleNames.of_database(OTHER)), "hosted_admin"):
            root.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def rights() -> list[tuple[Any, ...]]:
    """Of this database and its shared schema, and who is a member of what."""
    with as_administrator() as root:
        return root.execute(
            "SELECT datacl::text,"
            " (SELECT nspacl::text || nspowner::regrole FROM pg_namespace WHERE nspname = 'public'),"
            " (SELECT string_agg(ROW(roleid::regrole, member::regrole, admin_option, inherit_option, set_option)::text,"
            " ',' ORDER BY roleid::regrole::text, member::regrole::text, grantor) FROM pg_auth_members)"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchall()


def test_two_platforms_on_one_cluster_do_not_meet(other_database: Callable[[str], None]) -> None:
    ours = role_names()
    logins = {each: address(login=getattr(ours, each)) for each in LOGINS}
    other_database("postgres")
    bootstrap()

    theirs = role_names()
    assert not set(roles_of(ours)) & set(roles_of(theirs))
    for login in logins.values():
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(login, dbname=OTHER)
    with psycopg.connect(address(login=theirs.migrator)) as migrator:
        for role in roles_of(ours):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                migrator.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            migrator.rollback()


@pytest.mark.parametrize("administrator", ["postgres", "hosted_admin"])
def test_a_second_bootstrap_changes_nothing(
    administrator: str, other_database: Callable[[str], None]
) -> None:
    other_database(administrator)
    bootstrap()
    before = rights()
    bootstrap()
    assert rights() == before


@pytest.mark.parametrize(("administrator", "may"), [("postgres", False), ("hosted_admin", True)])
def test_a_superuser_takes_back_what_postgresql_lets_everybody_do(
    administrator: str, may: bool, other_database: Callable[[str], None]
) -> None:
    other_database(administrator)
    bootstrap()
    with as_administrator() as root:
        [answers] = root.execute(
            "SELECT has_function_privilege(%(queue)s, 'set_config(text, text, boolean)', 'EXECUTE'),"
            " has_function_privilege(%(queue)s, 'lo_create(oid)', 'EXECUTE'),"
            " has_table_privilege(%(queue)s, 'pg_stat_all_tables', 'SELECT'),"
            " has_table_privilege(%(queue)s, 'pg_settings', 'UPDATE'),"
            " has_function_privilege(%(app)s, 'set_config(text, text, boolean)', 'EXECUTE')",
            {"queue": role_names().queue, "app": role_names().app},
        ).fetchall()
    # Django's own login sets its time zone with it.
    assert answers == (may, may, may, may, True)


def test_an_administrator_need_not_be_a_superuser(other_database: Callable[[str], None]) -> None:
    other_database("hosted_admin")
    bootstrap()
    names = role_names()
    with psycopg.connect(address(login=names.migrator)) as migrator:
        migrator.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(names.of_schema("essai"))))
        migrator.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(names.owner)))
        migrator.execute("CREATE SCHEMA essai")
        migrator.execute("CREATE TABLE public.shared (id int)")
        migrator.rollback()
    for login in (names.app, names.worker):
        with (
            psycopg.connect(address(login=login)) as web,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            web.execute("CREATE TABLE public.mine (id int)")
