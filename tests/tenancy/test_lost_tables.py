from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import ProgrammingError
from django.test import Client as Browser
from django_tenants.utils import tenant_context
from psycopg import sql

from tenant_apps.identity.models import User
from tenant_apps.pawn.models import Contract
from tenants.models import Caisse
from tenants.provisioning.connections import as_migrator, become_owner, role_names
from tenants.provisioning.grants import create_schema_role
from tests.world import ALPHA, ANNE, BETA, BRUNO

SIGN_IN = "/connexion/"


def as_owner(*statements: str, **names: str) -> None:
    words = {key: sql.Identifier(name) for key, name in names.items()}
    with as_migrator() as owner:
        become_owner(owner)
        for statement in statements:
            owner.execute(sql.SQL(statement).format(**words))


@contextmanager
def lost(schema: str, table: str, *, bait: bool = False) -> Iterator[None]:
    """The table is gone; with a bait, `public` has one of the same name and with the same rows."""
    names = {"schema": schema, "table": table}
    as_owner("ALTER TABLE {schema}.{table} RENAME TO lost", **names)
    try:
        if bait:
            as_owner("CREATE TABLE public.{table} AS SELECT * FROM {schema}.lost", **names)
        yield
    finally:
        as_owner(
            "DROP TABLE IF EXISTS public.{table}", "ALTER TABLE {schema}.lost RENAME TO {table}", **names
        )


def test_a_lost_table_is_an_error_and_not_an_empty_answer(pair: dict[str, Caisse]) -> None:
    with lost(ALPHA, "pawn_contract"):
        with tenant_context(pair[ALPHA]), pytest.raises(ProgrammingError, match="does not exist"):
            Contract.objects.count()
        with tenant_context(pair[BETA]):
            assert Contract.objects.count() == 1
    with tenant_context(pair[ALPHA]):
        assert Contract.objects.count() == 1


def test_trap_3_a_lost_table_of_users_is_not_answered_by_public(pair: dict[str, Caisse]) -> None:
    with lost(ALPHA, "identity_user", bait=True), tenant_context(pair[ALPHA]):
        for act in (User.objects.count, lambda: User.objects.create(kind="staff")):
            with pytest.raises(ProgrammingError, match="permission denied for table identity_user"):
                act()


def test_trap_3_nobody_signs_in_with_a_lost_table_of_users(
    pair: dict[str, Caisse], browser_at: Callable[[str], Browser]
) -> None:
    browser, elsewhere = browser_at(ANNE.host), browser_at(BRUNO.host)
    browser.raise_request_exception = False
    words = {"identifier": ANNE.identifier, "secret": ANNE.secret}
    with lost(ALPHA, "identity_user", bait=True):
        assert browser.post(SIGN_IN, words).status_code == 500
        assert elsewhere.get(SIGN_IN).status_code == 200
    assert browser.post(SIGN_IN, words).status_code == 302


def test_a_caisse_whose_schema_is_gone_but_whose_role_stays_reads_nothing(committed: None) -> None:
    names = role_names()
    with as_migrator() as connection:
        create_schema_role(connection, names, "gone")
    try:
        as_owner("CREATE TABLE public.identity_user AS SELECT * FROM alpha.identity_user")
        with tenant_context(Caisse(schema_name="gone", kind="caisse", policy_version=1)):
            with pytest.raises(ProgrammingError, match="permission denied for table identity_user"):
                User.objects.count()
            with pytest.raises(ProgrammingError, match="does not exist"):
                Contract.objects.count()
    finally:
        as_owner("DROP TABLE public.identity_user")
        with as_migrator() as connection:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(names.of_schema("gone"))))
