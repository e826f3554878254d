"""The processes of the Procfile, as they are written there, on a free port of this computer."""

import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ports import ADDRESS, free_port, listens
from benchmarks.scratch import FOLDER, children_of_the_run
from benchmarks.side import ROOT
from guichet.running.children import Children

SETTINGS = "benchmarks.ours.settings"
START_SECONDS = 60
PROCESSES = "WEB_CONCURRENCY"
_ENTRY = re.compile(r"^(\w+): *(.+)$", re.MULTILINE)


class NotServedError(RuntimeError):
    """A process of the Procfile ended, or does not answer."""


@contextmanager
def web(environment: Mapping[str, str], *, processes: int | None = None) -> Iterator[tuple[int, int]]:
    """The port, and the number of gunicorn's first process, once it takes connections.

    As many processes under that one as the Procfile says, unless told otherwise.
    """
    port, pid = free_port(), FOLDER / "web.pid"
    # Its control socket would have one place for all that run on a computer.
    command = f"{entry('web')} --bind {ADDRESS}:{port} --pid {pid} --no-control-socket"
    words = {PROCESSES: str(processes)} if processes else {}
    with _running("web", command, {**environment, **words}) as children:
        _wait_for(children, port)
        yield port, int(pid.read_text())


@contextmanager
def worker(environment: Mapping[str, str]) -> Iterator[None]:
    with _running("worker", entry("worker"), environment):
        yield


def entry(name: str) -> str:
    """The command of that process."""
    entries: dict[str, str] = dict(_ENTRY.findall((ROOT / "Procfile").read_text(encoding="utf-8")))
    return entries[name]


@contextmanager
def _running(name: str, command: str, environment: Mapping[str, str]) -> Iterator[Children]:
    """The shell fills in the variables of the line, and is gone once the process begins."""
    children = children_of_the_run(name)
    children.start(
        name,
        ["/bin/sh", "-c", f"exec {command}"],
        cwd=ROOT,
        environment={**_surroundings(), **environment, "DJANGO_SETTINGS_MODULE": SETTINGS},
    )
    try:
        yield children
        _require_living(children)
    finally:
        children.stop()


def _surroundings() -> Mapping[str, str]:
    """The programmes of this very environment, and no number of processes but the Procfile's own."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**{name: value for name, value in os.environ.items() if name != PROCESSES}, "PATH": path}


def _wait_for(children: Children, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not listens(port):
        _require_living(children)
        if time.monotonic() > deadline:
            raise NotServedError(f"gunicorn does not answer at {ADDRESS}:{port}")
        time.sleep(0.1)  # polling another process


def _require_living(children: Children) -> None:
    dead = children.dead()
    if dead is not None:
        said = dead.log.read_text(errors="replace").strip().splitlines()[-5:]
        raise NotServedError("\n".join([f"{dead.name} ended with {dead.process.returncode}", *said]))
