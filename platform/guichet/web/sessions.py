"""Sessions in the caisse's schema, found by a digest of their key: a copy of the table opens no session."""

import hashlib
from collections.abc import Collection
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone


class SessionStore(db.SessionStore):
    """SESSION_ENGINE. The cookie holds the key, the table its SHA-256 only."""

    @staticmethod
    def stored_key(key: str) -> str:
        """40 characters, as wide as Django's column: 160 bits of the digest."""
        return hashlib.sha256(key.encode()).hexdigest()[:40]

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        key = self.stored_key(self.session_key or "")
        found: AbstractBaseSession | None = self.model.objects.filter(
            session_key=key, expire_date__gt=timezone.now()
        ).first()
        if found is None:
            # An unknown key is never adopted: the visitor chose it.
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return bool(super().exists(self.stored_key(session_key)))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        session = super().create_model_instance(data)
        session.session_key = self.stored_key(session.session_key)
        return session

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
    def end(cls, stored_key: str) -> None:
        """The browser that has the key is out at its next request."""
        cls().model.objects.filter(session_key=stored_key).delete()
