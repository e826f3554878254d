import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from guichet.embedded import EmbeddedServer, processes

STAND_IN = Path(__file__).with_name("stand_in.py")
PATIENCE = 30.0


class Run:
    """A started demo, and what it has said so far."""

    def __init__(self, root: Path, port: int, words: tuple[str, ...], environment: dict[str, str]) -> None:
        self.root, self.port = root, port
        self.folder = root / "var" / "demo"
        self._process = subprocess.Popen(
            [sys.executable, str(STAND_IN), str(root), str(port), *words],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self.output += line

    def until(self, words: str) -> "Run":
        deadline = time.monotonic() + PATIENCE
        while words not in self.output and self._process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        if self._process.poll() is not None:
            self._reader.join()
        assert words in self.output, self.output
        return self

    def end(self, number: signal.Signals | None = None) -> int:
        """The exit code."""
        if number is not None:
            self._process.send_signal(number)
        code = self._process.wait(PATIENCE)
        # The children of a demo killed outright hold no end of its output.
        self._reader.join(5)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return code

    def children(self) -> dict[str, int]:
        text = (self.folder / "processes.json").read_text()
        return {name: pid for name, pid, _ in json.loads(text)}

    def is_over(self) -> bool:
        return self._process.poll() is not None


class Launch(Protocol):
    def __call__(self, *words: str, **environment: str) -> Run: ...


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def launch(tmp_path: Path, port: int) -> Iterator[Launch]:
    runs: list[Run] = []

    def start(*words: str, **environment: str) -> Run:
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        runs.append(Run(tmp_path, port, words, {**inherited, **environment}))
        return runs[-1]

    yield start
    for run in runs:
        if not run.is_over():
            run.end(signal.SIGTERM)
    folder = tmp_path / "var" / "demo" / "postgresql"
    if folder.exists():
        EmbeddedServer(folder, durable=True).destroy()


@pytest.fixture(scope="session")
def own_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL that the demo has not started and must not stop."""
    server = EmbeddedServer(tmp_path_factory.mktemp("own") / "data", durable=False)
    server.start()
    server.ensure_database("own")
    yield server.url("own")
    assert server.is_answering()
    server.destroy()


def front_door(port: int) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": f"localhost:{port}"})
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310  # one's own computer
        return str(answer.read().decode())


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while processes.identity(pid) is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    return processes.identity(pid) is None
