"""What the figures were taken on."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.side import ROOT
from guichet.embedded.programs import locate

# Above this share of the cores, somebody else's work is being measured too.
QUIET = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    date: str
    commit: str
    system: str
    processor: str
    cores: int
    # The load of the last minute when the run began, other people's work alone.
    load: float
    versions: dict[str, str]

    @property
    def is_quiet(self) -> bool:
        return self.load <= QUIET * self.cores


def this_machine() -> Machine:
    return Machine(
        date=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        commit=_commit(),
        system=f"{platform.system()} {platform.release()}",
        processor=_processor(),
        cores=os.cpu_count() or 1,
        load=round(os.getloadavg()[0], 2),
        versions={
            "Python": platform.python_version(),
            "PostgreSQL": _postgresql(),
            **{name: version(name) for name in ("django", "django-tenants", "psycopg")},
        },
    )


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def _commit() -> str:
    """With a sign when the tree has changes: the figures are of no commit then."""
    told = _output("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD")
    changed = _output("git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no")
    return f"{told or 'none'}{' and changes' if changed else ''}"


def _postgresql() -> str:
    return _output(str(locate(18).path("postgres")), "--version").rpartition(" ")[2]


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    return done.stdout.strip()
