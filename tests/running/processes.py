"""Web and worker as production starts them, in processes of their own, on the database of the tests."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

from guichet.embedded import EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]
GUNICORN = (sys.executable, "-m", "gunicorn", "--config", "python:guichet.config.gunicorn")
WORKER = (sys.executable, "manage.py", "worker")
PATIENCE = 60.0


def wait_until(holds: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Process:
    """One process, and what it has said so far."""

    def __init__(self, command: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self.popen = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self.popen.stdout or ():
            self.lines.append(line.rstrip("\n"))

    def lives(self) -> bool:
        return self.popen.poll() is None

    def ended(self, *, within: float = PATIENCE) -> int:
        """The exit code."""
        code = self.popen.wait(within)
        self._reader.join(within)
        return code

    def clear_away(self) -> None:
        if self.lives():
            self.popen.kill()
        self.ended()
        if self.popen.stdout is not None:
            self.popen.stdout.close()


@contextmanager
def started(command: tuple[str, ...], environment: Mapping[str, str]) -> Iterator[Process]:
    process = Process(command, environment)
    try:
        yield process
    finally:
        process.clear_away()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    body: bytes


class Web:
    """What answers on a port of this computer, asked for any host."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, *, host: str = "127.0.0.1", **headers: str) -> Answer:
        """`X_Forwarded_For="…"` sends that header."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"Host": host, **named})
            answer = connection.getresponse()
            return Answer(status=answer.status, headers=answer.headers, body=answer.read())
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.get("/healthz").status == 200
        except OSError:
            return False

    def ready(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.get("/readyz").body)
        return found


def environment_of(server: EmbeddedServer, settings: str, **more: str) -> dict[str, str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GUICHET_")}
    return {
        **outside,
        "DATABASE_URL": server.url("guichet"),
        "DJANGO_SETTINGS_MODULE": f"guichet.config.settings.{settings}",
        **more,
    }
