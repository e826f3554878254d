"""What bin/test decides before pytest starts: the lane, the number of workers, the browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The limit of five minutes is meant for two cores, and more workers than cores disturb one another.
WORKERS = 2
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowserError(Exception):
    """Where every test must run, no Chromium was found."""


def chromium(environment: Mapping[str, str]) -> str | None:
    named = environment.get("GUICHET_CHROMIUM", "")
    found = (shutil.which(name, path=environment.get("PATH")) for name in (named, *CHROMIUM) if name)
    return next((path for path in found if path), None)


def expression(*, slow: bool, browser: bool) -> str:
    """The marks of the lane: bin/test is the fast lane, --slow adds what it leaves out."""
    left_out = [name for name, kept in (("slow", slow), ("browser", browser)) if not kept]
    return " and ".join(f"not {name}" for name in left_out)


def command(arguments: Sequence[str], *, browser: bool) -> list[str]:
    rest = [argument for argument in arguments if argument != "--slow"]
    marks = expression(slow="--slow" in arguments, browser=browser)
    return [
        sys.executable,
        "-m",
        "pytest",
        *(["-m", marks] if marks else []),
        *([] if any(argument.startswith(("-n", "--pdb")) for argument in rest) else ["-n", str(WORKERS)]),
        *rest,
    ]


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    path = chromium(environment)
    if path is None and environment.get("CI") == "true":
        raise NoBrowserError("No Chromium was found, and with CI=true no browser test may be left out.")
    if path is None:
        print("No Chromium was found: the browser tests are left out. On Debian, apt-get install chromium.")
    found = {"GUICHET_CHROMIUM": path} if path else {}
    tests = command(arguments, browser=path is not None)
    return subprocess.run(tests, cwd=ROOT, env={**environment, **found}, check=False).returncode


def main() -> int:
    try:
        return run(sys.argv[1:], os.environ)
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
