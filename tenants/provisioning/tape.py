"""Migrate one schema for real, keep the statements, and play them again in the others.

Planning and rendering a migration's state costs a hundred times what its statements cost.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations import Migration, RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from psycopg import sql

from guichet.tenancy.connection import connection as django_connection

# A caisse whose tables are in use must not queue everybody behind a waiting ALTER TABLE.
LOCK_TIMEOUT = "5s"


class Tape:
    """The statements of a migration run, parameters merged. `playable` is False when statements are not all of it."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.playable = True

    def note_plan(self, migrations: Iterable[Migration]) -> None:
        """Python code and statements outside a transaction cannot be played from a list of SQL."""
        for migration in migrations:
            if not migration.atomic or not all(map(_is_sql, migration.operations)):
                self.playable = False

    @contextmanager
    def recording(self) -> Iterator[None]:
        """While open, what schema editors execute on Django's connection is noted."""
        tape = self

        class TapingEditor(DatabaseSchemaEditor):
            def execute(self, statement: Any, params: Any = ()) -> None:
                super().execute(statement, params)
                text = str(statement)
                tape.statements.append(self.connection.ops.compose_sql(text, params) if params else text)

        django_connection.SchemaEditorClass = TapingEditor
        try:
            yield
        finally:
            del django_connection.SchemaEditorClass

    def play(self, connection: "psycopg.Connection[Any]", *, schema: str, model: str) -> None:
        """In the caller's transaction, as the owner: the statements, then the rows that migrating added to `model`."""
        path = sql.SQL("SET LOCAL search_path = {}, public").format(sql.Identifier(schema))
        connection.execute(path)
        connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'".encode())
        if self.statements:
            connection.execute(";\n".join(self.statements).encode())
        for statement in (_MIGRATIONS, _CONTENT_TYPES, _PERMISSIONS):
            words = {"model": sql.Identifier(model)}
            connection.execute(sql.SQL(statement).format(**words))
        connection.execute("SET LOCAL search_path = public")


# What Django writes besides the statements: the record of migrations, content types, permissions.
_MIGRATIONS = """
INSERT INTO django_migrations (app, name, applied) SELECT app, name, now() FROM {model}.django_migrations m
WHERE NOT EXISTS (SELECT 1 FROM django_migrations o WHERE o.app = m.app AND o.name = m.name) ORDER BY m.id
"""
_CONTENT_TYPES = """
INSERT INTO django_content_type (app_label, model) SELECT app_label, model FROM {model}.django_content_type
ORDER BY id ON CONFLICT DO NOTHING
"""
_PERMISSIONS = """
INSERT INTO auth_permission (content_type_id, codename, name)
SELECT own.id, p.codename, p.name FROM {model}.auth_permission p
JOIN {model}.django_content_type t ON t.id = p.content_type_id
JOIN django_content_type own ON own.app_label = t.app_label AND own.model = t.model
ORDER BY p.id ON CONFLICT DO NOTHING
"""


def planned_migrations(schema: str) -> list[Migration]:
    """What Django would run in this schema now."""
    django_connection.set_schema(schema)
    executor = MigrationExecutor(django_connection)
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _is_sql(operation: Operation) -> bool:
    if isinstance(operation, RunPython):
        return False
    inner: Sequence[Operation] = getattr(operation, "database_operations", ())
    return bool(operation.reduces_to_sql) and all(map(_is_sql, inner))
