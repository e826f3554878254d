"""django-tenants' PostgreSQL backend, with a role per schema and no silent failure."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import psycopg
from django.db import transaction
from django.db.utils import Error, InterfaceError, OperationalError
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_limit_set_calls

from guichet.tenancy.backend.cursors import Cursor, LoggedCursor, StaleCursorError
from guichet.tenancy.roles import RoleNames, quoted


class SwitchInsideTransactionError(RuntimeError):
    """A tenant was changed inside `atomic`: one commit would span two caisses."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Sets the search path and the role in one statement, again after each rollback.

    A failure of that statement is raised: going on would run the next one as the previous caisse.
    """

    tenant: Any
    schema_name: str
    settings_dict: dict[str, Any]
    connection: Any
    atomic_blocks: list[Any]
    # How often the caisse has changed: a cursor of an earlier turn is refused.
    turn = 0

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:  # noqa: FBT001, FBT002  # the library's signature
        opened_here = [block for block in self.atomic_blocks if not block._from_testcase]  # noqa: SLF001  # Django marks a test's own transaction so, and nowhere else
        if opened_here and tenant.schema_name != self.schema_name:
            raise SwitchInsideTransactionError(
                f"{self.schema_name} -> {tenant.schema_name} inside a transaction"
            )
        stays = tenant.schema_name == self.schema_name and include_public == self.include_public_schema
        if tenant.schema_name != self.schema_name:
            self.turn += 1
        # The library forgets what it has set at each call; where nothing changes, it need not be set again.
        kept = self.search_path_set_schemas if stays else None
        super().set_tenant(tenant, include_public)
        self.search_path_set_schemas = kept

    def rest_in_public(self) -> None:
        """Between two requests: an idle connection belongs to no caisse, and the next one finds it where it begins."""
        self.set_schema_to_public()
        # Where the path stands as it should, nothing is asked: a database that hangs must not hold up a request that
        # did without it.
        if self.connection is not None and self.search_path_set_schemas is None:
            # The statement itself tells whether the connection lives: no probe before it.
            self.health_check_done = True
            self.cursor().close()

    def first_row(self, statement: str, params: Sequence[object]) -> tuple[Any, ...] | None:
        """The first question of a request, which only reads: the health check of a connection kept since the last.

        A connection that died meanwhile is replaced, and asked once more. Anything else would be probed first.
        """
        kept = self.connection is not None and self.health_check_enabled and not self.health_check_done
        if not kept or self.in_atomic_block:
            return self._one_row(statement, params)
        self.health_check_done = True
        try:
            return self._one_row(statement, params)
        except (OperationalError, InterfaceError):
            if self.is_usable():
                raise
            self.close()
            return self._one_row(statement, params)

    def _one_row(self, statement: str, params: Sequence[object]) -> tuple[Any, ...] | None:
        with self.cursor() as cursor:
            cursor.execute(statement, params)
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def make_cursor(self, cursor: Any) -> Cursor:
        return Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> LoggedCursor:
        return LoggedCursor(cursor, self)

    def speak_as(self, turn: int) -> None:
        """Before each statement of a cursor opened at that turn: the database must be where Python believes it is.

        Raises StaleCursorError.
        """
        if self._setting_search_path:
            return
        if turn != self.turn:
            raise StaleCursorError(f"opened before the connection turned to {self.schema_name}")
        if self.search_path_set_schemas is None:
            # A rollback has taken the setting back since the cursor was opened.
            self._handle_search_path()

    def _cursor(self, name: str | None = None) -> Any:
        if name is not None:
            # First the path: were it refused, nothing would close the named cursor.
            self.close_if_health_check_failed()
            self.ensure_connection()
            self._handle_search_path()
        return super()._cursor(name)

    @contextmanager
    def answering_within(self, longest: timedelta) -> Iterator[Any]:
        """A cursor whose statements the server breaks off after so long. Raises OperationalError then."""
        with transaction.atomic(using=self.alias), self.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {longest // timedelta(milliseconds=1)}")
            yield cursor

    @property
    def role(self) -> str:
        """The role that the next statement runs under."""
        fixed: str | None = self.settings_dict.get("ROLE")
        return fixed or RoleNames.of_database(self.settings_dict["NAME"]).of_schema(self.schema_name)

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or (get_limit_set_calls() and self.search_path_set_schemas):
            return
        paths = self._get_cursor_search_paths()
        # Two commands in one round trip. Not the function set_config, which a SELECT that was smuggled into a query
        # could call as well: the roles of the caisses may not execute it (tenants.provisioning.bootstrap).
        command = f'SET search_path = {", ".join(map(quoted, paths))}; SET ROLE "{self.role}"'
        self._setting_search_path, self.search_path_set_schemas = True, None
        try:
            # A cursor of the driver's own raises the driver's errors, which callers do not catch.
            with (
                self.wrap_database_errors,
                nullcontext(cursor) if cursor else self.connection.cursor() as current,
            ):
                current.execute(command)
        except Error as error:
            # An aborted transaction can only be rolled back, which needs no path.
            if not isinstance(error.__cause__, psycopg.errors.InFailedSqlTransaction):
                raise
        else:
            self.search_path_set_schemas = paths
        finally:
            self._setting_search_path = False

    @contextmanager
    def acting_as(self, *, user: str, password: str, role: str, options: str = "") -> Iterator[None]:
        """Log in as another user, under one fixed role, for the length of the block, in this thread alone.

        `options` are the server's, as on its command line, added to those of the address.
        """
        before = self.settings_dict
        words = f"{before['OPTIONS'].get('options', '')} {options}".strip()
        self.close()
        # Django hands one dictionary to the connections of all threads.
        self.settings_dict = {
            **before,
            "USER": user,
            "PASSWORD": password,
            "ROLE": role,
            "OPTIONS": {**before["OPTIONS"], "options": words},
        }
        try:
            yield
        finally:
            self.close()
            # A migration that fails in its last statements leaves Django's block open: it ended with the connection.
            self.connection, self.in_atomic_block, self.atomic_blocks = None, False, []
            self.settings_dict = before
