"""The tests' world, built once a run: each parallel worker starts on a copy of what the first one built."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from guichet.embedded import EmbeddedServer
from guichet.embedded.place import locked

FOLDER = "world"


class Mould:
    """A cluster at rest and the files that its rows name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def is_whole(self) -> bool:
        return self._folder.exists()

    def take(self, server: EmbeddedServer, *, files: Path) -> None:
        """From a server that nobody uses: it is at rest meanwhile."""
        unfinished = self._folder.with_suffix(".unfinished")
        unfinished.mkdir()
        server.stop()
        _copy(server.cluster, unfinished / "cluster")
        server.start()
        shutil.copytree(files, unfinished / "files")
        unfinished.rename(self._folder)

    def pour(self, server: EmbeddedServer, *, files: Path) -> None:
        """Into a server that has no data yet; it is left started."""
        _copy(self._folder / "cluster", server.cluster)
        server.start()
        shutil.copytree(self._folder / "files", files, dirs_exist_ok=True)


def _copy(source: Path, target: Path) -> None:
    # Not shutil: started by root, the server's files belong to another user, and must in the copy.
    subprocess.run(["/bin/cp", "-a", source, target], check=True)


@contextmanager
def one_at_a_time(run: Path) -> Iterator[Mould]:
    """`run` is a folder that the workers of one run share, and no other run."""
    with locked(run / f"{FOLDER}.lock"):
        yield Mould(run / FOLDER)


def begin(server: EmbeddedServer, *, run: Path | None, files: Path, build: Callable[[], None]) -> None:
    """`server` answers with the world in it. The first worker of `run` builds, the others wait for its mould."""
    if run is None:
        server.start()
        build()
        return
    with one_at_a_time(run) as mould:
        if mould.is_whole:
            mould.pour(server, files=files)
            return
        server.start()
        build()
        mould.take(server, files=files)


def throw_away(config: pytest.Config) -> None:
    """At the end of a run, by the process that led it."""
    made: pytest.TempPathFactory | None = getattr(config, "_tmp_path_factory", None)
    if made and not hasattr(config, "workerinput"):
        shutil.rmtree(made.getbasetemp() / FOLDER, ignore_errors=True)
