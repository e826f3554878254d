"""bin/simulate: a PostgreSQL of its own, two new caisses, and a run for each seed."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.db import connections

from guichet.embedded import EmbeddedServer, EmbeddedServerError
from guichet.embedded.programs import locate

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "simulate"
BROKEN, NOT_RUN, STOPPED = 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """0 when every promise held, 1 with the seed and the last acts when one was broken, 2 when it could not run."""
    options = _options(arguments)
    try:
        with _database():
            return _run(options)
    except KeyboardInterrupt:
        return STOPPED
    except (EmbeddedServerError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_RUN


def _run(options: argparse.Namespace) -> int:
    # What they import needs the settings.
    from tests.simulation.simulation import SimulationFailedError, run  # noqa: PLC0415  # see above

    for seed in range(options.seed, options.seed + options.runs):
        try:
            ran = run(seed=seed, steps=options.steps, caisses=options.caisses)
        except SimulationFailedError as failed:
            sys.stdout.write(f"{failed}\n")
            return BROKEN
        if options.history:
            sys.stdout.write("\n".join([*ran.history, ""]))
        pace = ran.steps / ran.seconds
        sys.stdout.write(
            f"seed {seed}: {ran.steps} steps, {ran.charged} at the bank, {pace:.0f} steps/s, {ran.digest}\n"
        )
        sys.stdout.flush()
    return 0


@contextmanager
def _database() -> Iterator[None]:
    """A server for this run alone: several may run in the same folder."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "guichet.config.settings.test"
    os.environ.setdefault("GUICHET_LOG_LEVEL", "ERROR")
    folder = FOLDER / str(os.getpid())
    _clear()
    server = EmbeddedServer(folder, durable=False)
    server.start()
    files = tempfile.mkdtemp()
    try:
        server.ensure_database("guichet")
        os.environ["DATABASE_URL"] = server.url("guichet")
        django.setup()
        settings.MEDIA_ROOT = files
        settings.PG_DUMP = str(locate(18).path("pg_dump"))
        _deploy()
        yield
    finally:
        connections.close_all()
        server.destroy()
        shutil.rmtree(files, ignore_errors=True)


def _clear() -> None:
    """What killed runs have left, servers too; a run that lives keeps its own."""
    for left in FOLDER.glob("*"):
        if not Path("/proc", left.name).exists():
            EmbeddedServer(left, durable=False).destroy()


def _deploy() -> None:
    from tenants.provisioning.deploy import deploy  # noqa: PLC0415  # it needs the settings

    deploy(say=lambda _: None)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/simulate",
        description="Clients, staff, the clock and a failing bank against the real services, under a seed.",
        epilog="docs/architecture.md says what is checked after each step.",
        allow_abbrev=False,
    )
    parser.add_argument("--seed", type=int, default=1, help="of the first run")
    parser.add_argument("--steps", type=int, default=2000, help="acts of each run")
    parser.add_argument("--runs", type=int, default=1, help="how many, with the seeds that follow")
    parser.add_argument("--caisses", type=int, default=2, help="how many caisses, strangers to one another")
    parser.add_argument("--history", action="store_true", help="print all that was done")
    options = parser.parse_args(arguments)
    if min(options.steps, options.runs, options.caisses) < 1:
        parser.error("--steps, --runs and --caisses are 1 or more")
    return options
