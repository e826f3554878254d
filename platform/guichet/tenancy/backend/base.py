"""django-tenants' PostgreSQL backend, with a role per schema and no silent failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_limit_set_calls

from guichet.tenancy.roles import RoleNames, quoted


class SwitchInsideTransactionError(RuntimeError):
    """A tenant was changed inside `atomic`: one commit would span two caisses."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Sets the search path and the role in one statement, again after each rollback.

    A failure of that statement is raised: going on would run the next one as the previous caisse.
    """

    tenant: Any
    schema_name: str

    SET = "SELECT set_config('search_path', %s, false), set_config('role', %s, false)"

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:  # noqa: FBT001, FBT002  # the library's signature
        opened_here = [block for block in self.atomic_blocks if not block._from_testcase]  # noqa: SLF001  # Django marks a test's own transaction so, and nowhere else
        if opened_here and tenant.schema_name != self.schema_name:
            raise SwitchInsideTransactionError(
                f"{self.schema_name} -> {tenant.schema_name} inside a transaction"
            )
        super().set_tenant(tenant, include_public)

    @property
    def role(self) -> str:
        """The role that the next statement runs under."""
        fixed: str | None = self.settings_dict.get("ROLE")
        return fixed or RoleNames.of_database(self.settings_dict["NAME"]).of_schema(self.schema_name)

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or (get_limit_set_calls() and self.search_path_set_schemas):
            return
        paths = self._get_cursor_search_paths()
        parameters = [", ".join(quoted(path) for path in paths), self.role]
        self._setting_search_path, own = True, cursor is None
        current = self.connection.cursor() if own else cursor
        try:
            current.execute(self.SET, parameters)
        except Exception as error:
            self.search_path_set_schemas = None
            # An aborted transaction can only be rolled back, which needs no path.
            if not isinstance(error.__cause__ or error, psycopg.errors.InFailedSqlTransaction):
                raise
        else:
            self.search_path_set_schemas = paths
        finally:
            self._setting_search_path = False
            if own:
                current.close()

    @contextmanager
    def acting_as(self, *, user: str, password: str, role: str) -> Iterator[None]:
        """Log in as another user, under one fixed role, for the length of the block."""
        before = {key: self.settings_dict.get(key) for key in ("USER", "PASSWORD", "ROLE")}
        self.close()
        self.settings_dict.update(USER=user, PASSWORD=password, ROLE=role)
        try:
            yield
        finally:
            self.close()
            self.settings_dict.update(before)
