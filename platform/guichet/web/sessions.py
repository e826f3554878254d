"""Sessions in the caisse's schema, found by a digest of their key: a copy of the table opens no session."""

import hashlib
from collections.abc import Collection
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.utils import timezone
from django.utils.crypto import get_random_string

from guichet.tenancy.connection import connection

# Every page asks for its session: written out, these cost a third of what the query builder makes of them.
_READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
_CREATE = (
    "INSERT INTO django_session (session_data, expire_date, session_key) VALUES (%s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)
_UPDATE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"


class SessionStore(db.SessionStore):
    """SESSION_ENGINE. The cookie holds the key, the table its SHA-256 only."""

    # Whether the key has no row yet.
    _is_new = False

    @staticmethod
    def stored_key(key: str) -> str:
        """40 characters, as wide as Django's column: 160 bits of the digest."""
        return hashlib.sha256(key.encode()).hexdigest()[:40]

    def load(self) -> dict[str, Any]:
        key = self.stored_key(self.session_key or "")
        with connection.cursor() as cursor:
            cursor.execute(_READ, [key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            # An unknown key is never adopted: the visitor chose it.
            self._session_key = None
        return self.decode(row[0]) if row else {}

    def exists(self, session_key: str) -> bool:
        return bool(super().exists(self.stored_key(session_key)))

    def create(self) -> None:
        """A key of 165 bits. Its row is written once, with the rest, when the session is saved.

        Django's own asks first whether the key is free, writes the row at once and again at the end of the request.
        """
        # Read before the key is new: a look at a key without a row would drop it, as one that the visitor chose.
        self._get_session()  # type: ignore[attr-defined]  # the stubs leave it out
        self._session_key = get_random_string(32, VALID_KEY_CHARS)
        self._is_new = self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  # as Django calls it
        """One statement. Raises CreateError when the key is taken, UpdateError when somebody has ended the session."""
        if self.session_key is None:
            self.create()
        must_create = must_create or self._is_new
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs leave it out
        values = [self.encode(held), self.get_expiry_date(), self.stored_key(self.session_key or "")]
        with connection.cursor() as cursor:
            cursor.execute(_CREATE if must_create else _UPDATE, values)
            written = cursor.rowcount == 1
        if not written:
            raise CreateError if must_create else UpdateError
        self._is_new = False

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(self.stored_key(key))

    @classmethod
    def opened(cls, stored_keys: Collection[str]) -> dict[str, dict[str, Any]]:
        """What is in those of these sessions that have not lapsed, by the key that the table holds. One query."""
        rows = cls().model.objects.filter(session_key__in=stored_keys, expire_date__gt=timezone.now())
        return {row.session_key: cls().decode(row.session_data) for row in rows}

    @classmethod
    def end(cls, stored_key: str) -> bool:
        """Whether there was one; the browser that has its key is out at its next request."""
        ended, _ = cls().model.objects.filter(session_key=stored_key).delete()
        return ended > 0
