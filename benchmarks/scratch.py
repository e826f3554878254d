"""The run's own folder and PostgreSQL, and the environment that leads the sides there."""

import base64
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.side import ROOT
from guichet.embedded import EmbeddedServer
from guichet.embedded.programs import locate

FOLDER = ROOT / "var" / "bench"
# Databases of one server: what the catalogue of one grows to does not weigh on the other.
GUICHET, PLAIN = "guichet_bench", "guichet_plain"


class AlreadyRunningError(RuntimeError):
    """Two runs at once would measure each other."""


@contextmanager
def scratch_server() -> Iterator[dict[str, Mapping[str, str]]]:
    """Database → environment. Nothing of it is left afterwards; what a killed run left goes first.

    Without fsync: the disk would cost the library a wait for each of its many commits, and us for one.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER.parent / "bench.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError("bin/bench already runs in this folder: wait for its end.") from error
        server = EmbeddedServer(FOLDER / "postgresql", durable=False)
        server.destroy()
        try:
            server.start()
            for name in (GUICHET, PLAIN):
                server.ensure_database(name)
            keys = _settings()
            yield {name: {**keys, "DATABASE_URL": server.url(name)} for name in (GUICHET, PLAIN)}
        finally:
            server.destroy()
            shutil.rmtree(FOLDER, ignore_errors=True)


def _settings() -> dict[str, str]:
    return {
        "GUICHET_SECRET_KEY": secrets.token_urlsafe(60),
        "GUICHET_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "GUICHET_DATABASE_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "GUICHET_PG_DUMP": str(locate(18).path("pg_dump")),
        "GUICHET_LOG_LEVEL": "WARNING",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
    }
