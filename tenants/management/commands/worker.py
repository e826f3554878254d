"""`manage.py worker`: runs the jobs of all caisses."""

import asyncio
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app

from tenants.jobs.connector import WorkerConnector
from tenants.jobs.middleware import in_its_caisse
from tenants.provisioning.connections import address, role_names

# A stopping worker beats no more: what it has under way must be over before it is held for dead (tenants.tasks).
STOP_SECONDS = 20
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run jobs until stopped; SIGTERM lets the current ones finish."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2)
        parser.add_argument("--once", action="store_true", help="stop when no job is waiting")

    def handle(self, *args: Any, **options: Any) -> None:
        names = role_names()
        connector = WorkerConnector(
            conninfo=address(login=names.worker),
            kwargs={"options": f"-c role={names.queue} -c search_path=public"},
        )
        log.info("worker started, %s jobs at a time", options["concurrency"])
        with app.replace_connector(connector) as jobs:
            asyncio.run(self._run(jobs, options))
        log.info("worker stopped")

    async def _run(self, jobs: Any, options: dict[str, Any]) -> None:
        async with jobs.open_async():
            await jobs.run_worker_async(
                wait=not options["once"],
                concurrency=options["concurrency"],
                delete_jobs="successful",
                task_middleware=[in_its_caisse],
                shutdown_graceful_timeout=STOP_SECONDS,
            )
