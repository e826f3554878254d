"""`manage.py worker`: runs the jobs of all caisses."""

import asyncio
import logging
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app

from tenants.jobs.connector import WorkerConnector
from tenants.jobs.middleware import in_its_caisse
from tenants.provisioning.connections import address, role_names

# A stopping worker beats no more: what it has under way must be over before it is held for dead (tenants.tasks).
STOP_SECONDS = 20
# A worker whose database is away for so long ends, for its supervisor to start another.
DATABASE_SECONDS = 10
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run jobs until stopped; SIGTERM lets the current ones finish. Ends with 1 when nobody asked it to end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2)
        parser.add_argument("--once", action="store_true", help="stop when no job is waiting")

    def handle(self, *args: Any, **options: Any) -> None:
        names = role_names()
        connector = WorkerConnector(
            conninfo=address(login=names.worker),
            kwargs={"options": f"-c role={names.queue} -c search_path=public"},
            timeout=DATABASE_SECONDS,
        )
        log.info("worker started, %s jobs at a time", options["concurrency"])
        try:
            with app.replace_connector(connector) as jobs:
                asked = asyncio.run(_run(jobs, **options))
        except Exception:  # whatever it is, it is a line of the log and not a traceback beside it
            log.exception("worker failed")
            sys.exit(1)
        if not asked:
            log.error("worker ended by itself")
            sys.exit(1)
        log.info("worker stopped")


async def _run(jobs: Any, *, once: bool, concurrency: int, **_: Any) -> bool:
    """Whether it ended because it should: asked by a signal, or with nothing left to do."""
    async with jobs.open_async():
        running = asyncio.ensure_future(
            jobs.run_worker_async(
                wait=not once,
                concurrency=concurrency,
                delete_jobs="successful",
                task_middleware=[in_its_caisse],
                shutdown_graceful_timeout=STOP_SECONDS,
                install_signal_handlers=False,
            )
        )
        _stop_on_signal(running)
        try:
            await running
        except asyncio.CancelledError:
            return True
        return once


def _stop_on_signal(running: "asyncio.Future[Any]") -> None:
    """The library's own handlers do not tell a worker that was asked to stop from one that lost its database.

    Cancelled once, it finishes what is under way. Asked twice, the process ends at once.
    """
    loop, numbers = asyncio.get_running_loop(), (signal.SIGTERM, signal.SIGINT)

    def stop() -> None:
        for number in numbers:
            loop.remove_signal_handler(number)
        running.cancel()

    for number in numbers:
        loop.add_signal_handler(number, stop)
