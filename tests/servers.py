"""Where the servers of a run keep their data, and what becomes of those that a killed run left."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guichet.embedded import EmbeddedServer
from guichet.embedded.place import own_folder

ROOT = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")  # noqa: S108  # the folder made in it is checked: ours, closed to others
ROOM = 2 * 1024**3


def folder() -> Path:
    """In memory where there is room: on a disk, to remove the small files of a schema takes longer than to use them."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM):
        return ROOT / "var" / "tests"
    digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:16]
    return own_folder(MEMORY / f"guichet-{os.getuid()}-{digest}", mode=0o711, owners={os.getuid()})


@contextmanager
def server(name: str) -> Iterator[EmbeddedServer]:
    """One of this process, not started yet; nothing is left of it at the end."""
    data = folder() / f"{os.getpid()}-{name}"
    found = EmbeddedServer(data, durable=False)
    try:
        yield found
    finally:
        found.destroy()
        shutil.rmtree(data, ignore_errors=True)


def forget_the_dead() -> None:
    """What processes that are no more have left running, or lying."""
    for left in folder().glob("*-*"):
        if not _lives(int(left.name.partition("-")[0])):
            EmbeddedServer(left, durable=False).destroy()
            shutil.rmtree(left, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
