"""The PostgreSQL of the demo: the embedded one, or the reader's own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from guichet.embedded import EmbeddedServer, EmbeddedServerError
from guichet.running.obstacles import CannotGoOnError

NAME = "guichet_demo"
PROBE = """
import os, sys, psycopg
try:
    psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5).close()
except psycopg.Error as error:
    sys.exit(" ".join(str(error).split()))
"""


class Database(Protocol):
    @property
    def log(self) -> Path | None: ...

    @property
    def notice(self) -> str: ...

    def start(self) -> str:
        """The administrator's address, once it answers. Raises CannotGoOnError."""

    def is_alive(self) -> bool: ...

    def stop(self) -> bool:
        """True when something was stopped. Raises CannotGoOnError."""

    def wipe(self) -> None:
        """Raises CannotGoOnError."""


def database(folder: Path, address: str | None) -> Database:
    return OwnDatabase(address) if address else EmbeddedDatabase(folder)


class EmbeddedDatabase:
    def __init__(self, folder: Path) -> None:
        # Durable: what a person typed into the demo survives a power cut.
        self._server = EmbeddedServer(folder, durable=True)

    @property
    def log(self) -> Path | None:
        return self._server.log

    @property
    def notice(self) -> str:
        return self._server.notice

    def start(self) -> str:
        try:
            self._server.start()
            self._server.ensure_database(NAME)
            return self._server.url(NAME)
        except EmbeddedServerError as error:
            raise CannotGoOnError(str(error)) from error

    def is_alive(self) -> bool:
        return self._server.is_running()

    def stop(self) -> bool:
        try:
            return self._server.stop()
        except EmbeddedServerError as error:
            raise CannotGoOnError(str(error)) from error

    def wipe(self) -> None:
        try:
            self._server.destroy()
        except EmbeddedServerError as error:
            raise CannotGoOnError(str(error)) from error


class OwnDatabase:
    """Named by DATABASE_URL: used as it is, never started, stopped or erased."""

    log = None
    notice = "The database is the one that DATABASE_URL names."

    def __init__(self, address: str) -> None:
        self._address = address

    def start(self) -> str:
        if not self._address.startswith(("postgres://", "postgresql://")):
            raise CannotGoOnError("DATABASE_URL must look like postgres://user@host/name.")
        asked = subprocess.run(
            [sys.executable, "-c", PROBE],
            env={**os.environ, "DATABASE_URL": self._address},
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.returncode:
            reason = asked.stderr.strip().splitlines()[-1]
            raise CannotGoOnError(f"The database that DATABASE_URL names does not answer: {reason}")
        return self._address

    def is_alive(self) -> bool:
        return True

    def stop(self) -> bool:
        return False

    def wipe(self) -> None:
        raise CannotGoOnError(
            "--fresh erases no database of your own: empty it yourself, or unset DATABASE_URL."
        )
