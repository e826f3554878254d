import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app

from guichet.embedded import EmbeddedServer
from guichet.tenancy.enqueue import enqueue
from tenant_apps.demo.models import MailboxMessage
from tenant_apps.messaging.models import Message
from tenants.provisioning.connections import address, as_migrator, become_owner, role_names
from tenants.selectors import caisse_of_schema
from tenants.tasks import DEAD_AFTER_SECONDS, rescue
from tests.messaging.conftest import Queue
from tests.tenancy.queue import Row, jobs
from tests.world import ALPHA, BETA

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
SECONDS = 60


@pytest.fixture
def start_worker(committed: None, server: EmbeddedServer) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """The command itself, in a process of its own, until no job is left; killed after the test."""
    started: list[subprocess.Popen[str]] = []
    environment = {
        **os.environ,
        "DATABASE_URL": server.url("guichet"),
        "DJANGO_SETTINGS_MODULE": "guichet.config.settings.test",
    }

    def start() -> "subprocess.Popen[str]":
        command = [sys.executable, str(MANAGE), "worker", "--once"]
        worker = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.communicate(timeout=SECONDS)


def finish(worker: "subprocess.Popen[str]") -> str:
    said, _ = worker.communicate(timeout=SECONDS)
    assert worker.returncode == 0, said
    return said


def mailbox(schema: str) -> list[str]:
    with tenant_context(caisse_of_schema(schema=schema)):
        return list(MailboxMessage.objects.order_by("id").values_list("text", flat=True))


def asked_for() -> list[Row]:
    """The jobs of the test: those of the clock, which may strike at any moment, have a queueing lock."""
    return [job for job in jobs() if job.queueing_lock is None]


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_runs_each_job_in_its_caisse_and_leaves_no_job_behind(
    start_worker: Callable[[], "subprocess.Popen[str]"], code: Queue
) -> None:
    for number, schema in enumerate((ALPHA, BETA) * 3):
        with tenant_context(caisse_of_schema(schema=schema)):
            code(f"90000{number}", now=timezone.now())
    for schema in (ALPHA, BETA):
        with tenant_context(caisse_of_schema(schema=schema)):
            enqueue("messaging.sweep")

    finish(start_worker())

    for schema, name, first in ((ALPHA, "Caisse Alpha", 0), (BETA, "Caisse Beta", 1)):
        texts = mailbox(schema)
        assert len(texts) == 3
        assert all(name in text for text in texts)
        numbers = {f"90000{number}" for number in range(first, 6, 2)}
        assert {number for number in numbers if any(number in text for text in texts)} == numbers
        with tenant_context(caisse_of_schema(schema=schema)):
            assert not Message.objects.exclude(state=Message.State.SENT, sealed=b"").exists()
    assert asked_for() == []


def test_a_job_of_a_killed_worker_is_given_to_another(
    start_worker: Callable[[], "subprocess.Popen[str]"],
) -> None:
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        enqueue("identity.forget")
    with as_migrator() as owner:
        become_owner(owner)
        # The job waits here, so that its worker can be killed in the middle of it.
        owner.execute("LOCK TABLE alpha.django_session IN ACCESS EXCLUSIVE MODE")
        worker = start_worker()
        wait_until(lambda: [job.status for job in asked_for()] == ["doing"])
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=SECONDS)
        owner.rollback()

    asyncio.run(run_rescue())
    assert [job.status for job in asked_for()] == ["doing"], "its worker might still be alive"
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s)",
            [DEAD_AFTER_SECONDS + 1],
        )
    asyncio.run(run_rescue())
    assert [(job.status, job.attempts) for job in asked_for()] == [("todo", 1)]

    finish(start_worker())
    assert asked_for() == []


async def run_rescue() -> None:
    """As a worker runs it, on the connection of a worker."""
    names = role_names()
    connector = PsycopgConnector(
        conninfo=address(login=names.worker),
        kwargs={"options": f"-c role={names.queue} -c search_path=public"},
    )
    with app.replace_connector(connector) as jobs_app:
        async with jobs_app.open_async():
            await rescue(timestamp=0)


def test_a_job_that_fails_is_kept_and_says_so(
    start_worker: Callable[[], "subprocess.Popen[str]"],
) -> None:
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        enqueue("messaging.deliver", message="not a number of a message")
        enqueue("messaging.sweep")

    said = finish(start_worker())

    assert [(job.task, job.status) for job in asked_for()] == [("messaging.deliver", "failed")]
    assert "messaging.deliver" in said
