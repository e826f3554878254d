"""bin/demo in a fresh clone: the first start, which installs everything, then starts that find it all there."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.effort import Effort
from benchmarks.fleets import Fleets
from benchmarks.measure import Line, Spread
from benchmarks.ports import ADDRESS, free_port
from benchmarks.scratch import FOLDER
from benchmarks.side import ROOT

NAME = "demo"
RUNS = "Guichet runs at"
STOP_SECONDS = 60
OK = 200
# Those of the environment that runs this very programme: a person who clones has none of them.
NOT_OURS = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")


class DemoFailedError(RuntimeError):
    """bin/demo ended, or its front door did not open."""


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    """What is committed, not what the folder holds. Nothing when no start is asked for."""
    if not effort.demo_starts:
        return []
    clone = FOLDER / "clone"
    _run("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone))
    with fleets.screen.step("bin/demo in a fresh clone"):
        cold = _start(clone)
    warm = []
    for number in range(1, effort.demo_starts + 1):
        with fleets.screen.step(f"bin/demo again, {number} of {effort.demo_starts}"):
            warm.append(_start(clone))
    return [
        Line(
            benchmark=NAME, what="cold, environment and packages included", unit="s", ours=Spread.of([cold])
        ),
        Line(benchmark=NAME, what="warm", unit="s", ours=Spread.of(warm)),
    ]


def _start(clone: Path) -> float:
    """Seconds until the front door answers. Everything is stopped again when it returns."""
    port = free_port()
    began = time.monotonic()
    with _running(clone, port) as process:
        heard: list[str] = []
        for line in process.stdout or ():
            heard.append(line)
            if RUNS in line:
                break
        else:
            raise DemoFailedError("".join(heard))
        _require_front_door(port)
        return time.monotonic() - began


@contextmanager
def _running(clone: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    base = getattr(sys, "_base_executable", None) or sys.executable
    with subprocess.Popen(  # noqa: S603  # the project's own demo
        [base, "bin/demo", "--port", str(port)],
        cwd=clone,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _environment() -> Mapping[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name not in NOT_OURS and not name.startswith("GUICHET_")
    }


def _require_front_door(port: int) -> None:
    with closing(http.client.HTTPConnection(ADDRESS, port, timeout=10)) as connection:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        status = connection.getresponse().status
    if status != OK:
        raise DemoFailedError(f"the front door answers {status}")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)  # noqa: S603  # git, on this very repository
