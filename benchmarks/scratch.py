"""The run's own folder and PostgreSQL servers, and the environment that leads the sides there."""

import base64
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.side import ROOT
from guichet.embedded import EmbeddedServer
from guichet.embedded.programs import locate
from guichet.running.children import Children

FOLDER = ROOT / "var" / "bench"
RECORD = ".processes.json"
GUICHET, PLAIN = "guichet_bench", "guichet_plain"


class AlreadyRunningError(RuntimeError):
    """Two runs at once would measure each other."""


class Scratch:
    """Servers by name, each started when it is first asked for.

    Without fsync: the disk would cost the library a wait for each of its many commits, and us for one.
    """

    def __init__(self) -> None:
        self._servers: dict[str, EmbeddedServer] = {}
        self._keys = {
            "GUICHET_SECRET_KEY": secrets.token_urlsafe(60),
            "GUICHET_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "GUICHET_DATABASE_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }

    def environment(self, server: str, database: str) -> Mapping[str, str]:
        """What a side needs to work on that database of that server."""
        if server not in self._servers:
            self._servers[server] = _started(FOLDER / server)
        self._servers[server].ensure_database(database)
        return {
            **self._keys,
            "DATABASE_URL": self._servers[server].url(database),
            "GUICHET_PG_DUMP": str(locate(18).path("pg_dump")),
            "GUICHET_LOG_LEVEL": "WARNING",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
        }

    def files_of(self, server: str, database: str) -> Path:
        """The folder that holds the database's files."""
        with self.administrator(server, database) as administrator:
            found = administrator.execute(
                "SELECT current_setting('data_directory'), pg_relation_filepath('pg_class')"
            ).fetchone()
        folder, file = found or ("", "")
        return Path(folder, file).parent

    def administrator(self, server: str, database: str) -> "psycopg.Connection[Any]":
        """Each statement is a transaction of its own."""
        return psycopg.connect(self._servers[server].url(database), autocommit=True)

    def connections(self, server: str, database: str) -> list[int]:
        """The processes that serve that database to others than this one."""
        with self.administrator(server, database) as administrator:
            found = administrator.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchall()
        return [pid for (pid,) in found]

    def destroy(self) -> None:
        for server in self._servers.values():
            server.destroy()


def _started(folder: Path) -> EmbeddedServer:
    """No checkpoint falls into a measure: it writes out, and deletes, what either side has done before."""
    server = EmbeddedServer(folder, durable=False)
    server.start()
    with psycopg.connect(server.url("postgres"), autocommit=True) as administrator:
        for setting, value in (("max_wal_size", "8GB"), ("checkpoint_timeout", "1h")):
            administrator.execute(
                sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(setting), sql.Literal(value))
            )
        administrator.execute("SELECT pg_reload_conf()")
    return server


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Nothing of it is left afterwards; what a killed run left goes first. Raises AlreadyRunningError."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER.parent / "bench.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError("bin/bench already runs in this folder: wait for its end.") from error
        _clear()
        made = Scratch()
        try:
            yield made
        finally:
            made.destroy()
            _clear()


def children_of_the_run(name: str) -> Children:
    """The processes of that name, written down in the run's folder, so that a killed run leaves none."""
    return Children(FOLDER / f"{name}{RECORD}", FOLDER)


def _clear() -> None:
    for record in FOLDER.glob(f"*{RECORD}"):
        children_of_the_run(record.name.removesuffix(RECORD)).stop_leftovers()
    for folder in list(FOLDER.iterdir()) if FOLDER.exists() else []:
        if (folder / "lock").exists():
            EmbeddedServer(folder, durable=False).destroy()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
