"""Web and worker for real: how they stop, what they write, whom they believe."""

import base64
import json
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django_tenants.utils import tenant_context

from guichet.config import gunicorn
from guichet.embedded import EmbeddedServer
from guichet.tenancy.connection import connection
from guichet.tenancy.enqueue import enqueue
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.selectors import caisse_of_schema
from tests.running.processes import GUNICORN, ROOT, WORKER, Answer, Web, environment_of, started, wait_until
from tests.tenancy.catalogue import asked
from tests.tenancy.queue import jobs
from tests.world import ALPHA

pytestmark = pytest.mark.slow


@contextmanager
def held(table: str) -> Iterator[None]:
    """Whoever asks for this table waits until the block ends."""
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
        yield
        owner.rollback()


def somebody_waits() -> bool:
    return asked("SELECT count(*) FROM pg_locks WHERE NOT granted") != [(0,)]


@pytest.fixture
def production(committed: None, server: EmbeddedServer, tmp_path: Path) -> dict[str, str]:
    """Its environment, with the keys that the world of the tests was made with, and its static files."""
    keys = {"GUICHET_MASTER_KEY": settings.MASTER_KEY, "GUICHET_DATABASE_KEY": settings.DATABASE_KEY}
    environment = environment_of(
        server,
        "production",
        GUICHET_SECRET_KEY=settings.SECRET_KEY,
        GUICHET_VAR=str(tmp_path / "var"),
        **{name: base64.b64encode(key).decode() for name, key in keys.items()},
    )
    command = [sys.executable, "manage.py", "collectstatic", "--noinput"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, umask=0)
    return environment


def test_a_request_under_way_is_answered_before_the_web_stops(
    committed: None, server: EmbeddedServer, port: int
) -> None:
    web = Web(port)
    answers: list[Answer] = []
    with started((*GUNICORN, "--bind", f"127.0.0.1:{port}"), environment_of(server, "test")) as process:
        wait_until(web.answers)
        slow = threading.Thread(target=lambda: answers.append(web.get("/connexion/", host="alpha.localhost")))
        with held("tenants_domain"):
            slow.start()
            wait_until(somebody_waits)
            process.popen.send_signal(signal.SIGTERM)
            with pytest.raises(subprocess.TimeoutExpired):
                process.ended(within=2)
            assert answers == []
        slow.join()
        assert process.ended() == 0
    [answer] = answers
    assert answer.status == 200
    assert b"Caisse Alpha" in answer.body


def test_a_request_that_does_not_end_does_not_keep_the_web_from_stopping(
    committed: None, server: EmbeddedServer, port: int
) -> None:
    web = Web(port)
    environment = environment_of(server, "test", GUICHET_STOP_SECONDS="1")
    with started((*GUNICORN, "--bind", f"127.0.0.1:{port}"), environment) as process:
        wait_until(web.answers)

        def ask() -> None:
            with pytest.raises(OSError):  # noqa: PT011  # however the connection ends
                web.get("/connexion/", host="alpha.localhost")

        hopeless = threading.Thread(target=ask)
        with held("tenants_domain"):
            hopeless.start()
            wait_until(somebody_waits)
            process.popen.send_signal(signal.SIGTERM)
            assert process.ended(within=10) == 0
        hopeless.join()


def test_a_job_under_way_is_done_before_the_worker_stops(committed: None, server: EmbeddedServer) -> None:
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        enqueue("identity.forget")
    with started(WORKER, environment_of(server, "test")) as process:
        with held("alpha.django_session"):
            wait_until(somebody_waits)
            with tenant_context(caisse_of_schema(schema=ALPHA)):
                enqueue("identity.forget", lock="later")
            process.popen.send_signal(signal.SIGTERM)
            # Its place is given up at once: another worker need not wait for its last heartbeat to grow old.
            with pytest.raises(subprocess.TimeoutExpired):
                process.ended(within=2)
        assert process.ended() == 0, process.lines
    left = [(job.lock, job.status) for job in jobs() if job.task == "identity.forget"]
    assert left == [("alpha:later", "todo")]
    assert asked("SELECT count(*) FROM procrastinate_workers") == [(0,)]


def test_a_worker_whose_database_goes_away_ends_and_says_that_it_was_not_asked(
    committed: None, server: EmbeddedServer
) -> None:
    with started(WORKER, environment_of(server, "test")) as process:
        wait_until(lambda: asked("SELECT count(*) FROM procrastinate_workers") == [(1,)])
        connections.close_all()
        server.stop()
        try:
            assert process.ended() == 1
        finally:
            server.start()
    assert "worker failed" in "\n".join(process.lines) or "worker ended by itself" in "\n".join(process.lines)


def test_a_worker_that_is_asked_twice_ends_at_once(committed: None, server: EmbeddedServer) -> None:
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        enqueue("identity.forget")
    with started(WORKER, environment_of(server, "test")) as process, held("alpha.django_session"):
        wait_until(somebody_waits)
        process.popen.send_signal(signal.SIGTERM)
        time.sleep(1)  # the first is being obeyed
        process.popen.send_signal(signal.SIGTERM)
        assert process.ended(within=10) == -signal.SIGTERM


def test_production_answers_as_it_says(production: dict[str, str], port: int, tmp_path: Path) -> None:
    web = Web(port)
    with started((*GUNICORN, "--bind", f"127.0.0.1:{port}"), production) as process:
        wait_until(web.answers)
        assert web.ready() == {"ready": False, "database": "ok", "migrations": "ok", "worker": "none"}
        with started(WORKER, production) as worker:
            wait_until(lambda: web.ready()["ready"])
            worker.popen.send_signal(signal.SIGTERM)
            assert worker.ended() == 0
        said = [json.loads(line)["message"] for line in worker.lines]
        assert said == ["worker started, 2 jobs at a time", "worker stopped"]

        unknown = web.get("/connexion/", host="unknown.example.org")
        assert (unknown.status, unknown.headers["Location"]) == (404, None)
        sent = web.get("/connexion/", host="alpha.localhost", X_Request_ID="a-number-of-a-stranger")
        assert (sent.status, sent.headers["Location"]) == (301, "https://alpha.localhost/connexion/")
        # Nobody has declared the proxy on this computer: what it says of the protocol is not believed.
        claimed = web.get("/connexion/", host="alpha.localhost", X_Forwarded_Proto="https")
        assert claimed.status == 301

        process.popen.send_signal(signal.SIGTERM)
        assert process.ended() == 0
    lines = [json.loads(line) for line in process.lines]
    assert {line["logger"] for line in lines} == {"gunicorn.error", "guichet.access", "guichet.web.probes"}
    [line] = [line for line in lines if line.get("request_id") == sent.headers["X-Request-ID"]]
    assert (line["caisse"], line["route"], line["status"]) == ("alpha", "-", 301)
    assert "a-number-of-a-stranger" not in "".join(process.lines)


def test_production_believes_the_proxies_that_are_declared(production: dict[str, str], port: int) -> None:
    web = Web(port)
    environment = {**production, "GUICHET_TRUSTED_PROXIES": "127.0.0.1"}
    with started((*GUNICORN, "--bind", f"127.0.0.1:{port}"), environment):
        wait_until(web.answers)
        number = "0123456789abcdef-of-a-proxy"
        answer = web.get(
            "/connexion/", host="alpha.localhost", X_Forwarded_Proto="https", X_Request_ID=number
        )
        assert answer.status == 200
        assert answer.headers["X-Request-ID"] == number
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        stylesheet = re.search(rb'href="(/static/[^"]+base[^"]+)"', answer.body)
        assert stylesheet
        assert (
            web.get(stylesheet[1].decode(), host="alpha.localhost", X_Forwarded_Proto="https").status == 200
        )


def test_static_files_are_for_the_user_and_the_group(production: dict[str, str]) -> None:
    """Written by a process that would have let everybody write in them."""
    written = [Path(production["GUICHET_VAR"]), *Path(production["GUICHET_VAR"]).rglob("*")]
    assert any(path.suffix == ".gz" for path in written)
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in written}
    assert modes == {(True, 0o750), (False, 0o640)}


def test_a_wrong_setting_stops_the_web_with_a_sentence(production: dict[str, str], port: int) -> None:
    for wrong, sentence in (
        ({"GUICHET_SECRET_KEY": "weak"}, "Guichet does not start: GUICHET_SECRET_KEY is too weak."),
        (
            {"GUICHET_THREADS": "many"},
            "Guichet does not start: GUICHET_THREADS is 'many'. Give a number from 1 on.",
        ),
    ):
        with started((*GUNICORN, "--bind", f"127.0.0.1:{port}"), {**production, **wrong}) as process:
            assert process.ended() == 1
            assert process.lines[-1].startswith(sentence), process.lines
            assert "Traceback" not in "".join(process.lines)


def test_no_worker_is_given_a_connection_of_the_master(committed: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.is_usable()
    gunicorn.pre_fork(None, None)
    assert connection.connection is None  # the driver's, which a fork would share


def test_a_worker_that_has_answered_enough_gives_its_place_to_another(
    committed: None, server: EmbeddedServer, port: int
) -> None:
    web = Web(port)
    command = (
        *GUNICORN,
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "1",
        "--max-requests",
        "3",
        "--max-requests-jitter",
        "0",
    )
    with started(command, environment_of(server, "test")) as process:
        wait_until(web.answers)
        for _ in range(12):
            assert web.get("/connexion/", host="alpha.localhost").status == 200
        wait_until(lambda: sum("Booting worker" in line for line in process.lines) >= 4)
        process.popen.send_signal(signal.SIGTERM)
        assert process.ended() == 0
