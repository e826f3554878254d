"""Cursors that serve the caisse they were opened for, and no other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.base import CursorDebugWrapper
from django.db.backends.utils import CursorWrapper

if TYPE_CHECKING:
    from guichet.tenancy.backend.base import DatabaseWrapper


class StaleCursorError(RuntimeError):
    """A cursor was opened for one caisse and used once the connection had turned to another."""


class _OfOneCaisse(CursorWrapper):
    """The database goes on as the caisse before until a cursor is opened: one kept meanwhile must not speak.

    Rows that it asked for earlier may still be fetched: they are those of its own caisse.
    """

    db: "DatabaseWrapper"

    def __init__(self, cursor: Any, db: "DatabaseWrapper") -> None:
        super().__init__(cursor, db)
        self._turn = db.turn

    def execute(self, sql: Any, params: Any = None) -> Any:
        self.db.speak_as(self._turn)
        return super().execute(sql, params)

    def executemany(self, sql: Any, param_list: Sequence[Any]) -> Any:
        self.db.speak_as(self._turn)
        return super().executemany(sql, param_list)

    def callproc(self, procname: str, params: Any = None, kparams: Any = None) -> Any:
        self.db.speak_as(self._turn)
        return super().callproc(procname, params, kparams)

    def stream(self, *args: Any, **kwargs: Any) -> Any:
        self.db.speak_as(self._turn)
        return self.cursor.stream(*args, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        self.db.speak_as(self._turn)
        return self.cursor.copy(*args, **kwargs)


class Cursor(_OfOneCaisse):
    """The usual one."""


class LoggedCursor(_OfOneCaisse, CursorDebugWrapper):
    """While statements are logged."""
