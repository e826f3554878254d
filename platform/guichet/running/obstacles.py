"""What may stand in the way of a start, told in one sentence."""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTE = 1_000_000
NO_ROOM = os.strerror(errno.ENOSPC)
TAIL_LINES = 15


class CannotGoOnError(Exception):
    """One sentence for the person at the terminal, with the log that tells more, if there is one."""

    def __init__(self, sentence: str, *, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.log = log


def report(error: CannotGoOnError) -> None:
    sys.stdout.flush()
    if error.log is not None:
        for line in tail(error.log):
            print(f"    {line}", file=sys.stderr)
        print(f"    (the end of {error.log})", file=sys.stderr)
    print(error, file=sys.stderr)


def tail(log: Path) -> list[str]:
    try:
        return log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    except OSError:
        return []


def require_room(folder: Path, megabytes: int) -> None:
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < megabytes:
        raise CannotGoOnError(
            f"The disk of {folder} has {free} MB left, {megabytes} are needed: make room and start again."
        )


@contextmanager
def told_plainly() -> Iterator[None]:
    """The disk that fills up and the folder of another user are everyday matters, not tracebacks."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise CannotGoOnError(full(error.filename)) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS} and error.filename is not None:
            raise CannotGoOnError(
                f"{error.filename} is closed to this user: did another one make it, with sudo perhaps?"
            ) from error
        raise


def full(place: object) -> str:
    return f"No room is left on the disk ({place or 'here'}): make room and start again."
