"""The demo as its users have it: its own database, gunicorn, a worker."""

import base64
import http.client
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guichet.embedded import EmbeddedServer
from guichet.embedded.programs import locate

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Site:
    """Where it answers. Python's resolver knows no *.localhost: requests go to 127.0.0.1 with a Host."""

    port: int
    # That of its processes, for what must be done in its database and not through its screens.
    environment: Mapping[str, str] = field(repr=False)

    def url(self, caisse: str, path: str = "/") -> str:
        host = f"{caisse}.localhost" if caisse else "localhost"
        return f"http://{host}:{self.port}{path}"

    def messages(self, caisse: str) -> list[dict[str, Any]]:
        answer = _get(self.port, "/demo/messages.json", host=f"{caisse}.localhost:{self.port}")
        found: list[dict[str, Any]] = json.loads(answer)["messages"]
        return found

    def sent(self, caisse: str, *, kind: str, to: str) -> list[dict[str, Any]]:
        """What one person was sent of a kind, newest first."""
        return [each for each in self.messages(caisse) if (each["kind"], each["to"]) == (kind, to)]

    def awaited(
        self, caisse: str, *, kind: str, to: str, after: Sequence[dict[str, Any]] = ()
    ) -> dict[str, Any]:
        """The newest of them, once it is none of those of before: the worker sends it, not the page."""
        seen = {each["uuid"] for each in after}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            new = [each for each in self.sent(caisse, kind=kind, to=to) if each["uuid"] not in seen]
            if new:
                return new[0]
            time.sleep(0.1)  # polling another process
        raise AssertionError(f"no {kind} came")

    def status(self, caisse: str, path: str) -> int:
        """What the page answers to somebody who has not been there."""
        return _asked(self.port, path, host=f"{caisse}.localhost:{self.port}")[0]

    def codes(self, caisse: str) -> list[str]:
        """The codes sent by SMS, newest first."""
        texts = [message["text"] for message in self.messages(caisse) if message["kind"] == "sms_code"]
        return [match[0] for text in texts if (match := re.search(r"\b\d{6}\b", text))]

    def next_code(self, caisse: str, *, after: int) -> str:
        """The newest code, once there are more than `after`: the worker sends it, not the page."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            codes = self.codes(caisse)
            if len(codes) > after:
                return codes[0]
            time.sleep(0.1)  # polling another process
        raise AssertionError("no code came")


@contextmanager
def running_site(server: EmbeddedServer, var: Path) -> Iterator[Site]:
    """Prepared and started as bin/demo does it, on a free port; stopped at the end."""
    server.ensure_database("journeys")
    port = _free_port()
    environment = {**os.environ, **_settings(server, var, port)}
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "demo", "prepare"], env=environment, check=True, capture_output=True, cwd=ROOT)
    log = (var / "site.log").open("w")
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:guichet.config.gunicorn"]
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    processes = [
        subprocess.Popen([*gunicorn, *options], env=environment, cwd=ROOT, stdout=log, stderr=log),
        subprocess.Popen([*manage, "worker"], env=environment, cwd=ROOT, stdout=log, stderr=log),
    ]
    try:
        _wait_for(port)
        yield Site(port, environment)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
        log.close()


def _settings(server: EmbeddedServer, var: Path, port: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "guichet.config.settings.demo",
        "DATABASE_URL": server.url("journeys"),
        "GUICHET_SECRET_KEY": secrets.token_urlsafe(60),
        "GUICHET_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "GUICHET_DATABASE_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "GUICHET_PG_DUMP": str(locate(18).path("pg_dump")),
        "GUICHET_PORT": str(port),
        "GUICHET_VAR": str(var),
        # So that a visitor may come from an address of their own: see `visit`.
        "GUICHET_TRUSTED_PROXIES": "127.0.0.1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            _get(port, "/", host="localhost")
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)  # polling another process
        else:
            return


def _get(port: int, path: str, *, host: str) -> bytes:
    return _asked(port, path, host=host)[1]


def _asked(port: int, path: str, *, host: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
