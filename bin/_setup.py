"""What every script of bin/ begins with: a Python that will do, then the environment in .venv.

    from _setup import ensure
    ensure("dev")       # from here on, this very script runs under .venv/bin/python

This file must stay readable by a Python of years ago, so that it can say that it is too old.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST, NEWEST = (3, 11), (3, 13)
FITS = "import sys; sys.exit(not {0} <= sys.version_info[:2] <= {1})".format(OLDEST, NEWEST)
REFUSAL = "Guichet needs Python 3.11, 3.12 or 3.13, and this is Python {0}.{1}: install one of them."


def ensure(requirements: str) -> None:
    """Makes .venv from requirements/<requirements>.txt if need be, and goes on with this script under it."""
    modern()
    # Until the script itself has taken over, Ctrl-C ends everything at once, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from guichet.running.environment import enter  # noqa: PLC0415  # an old Python could not read that module

    enter(requirements)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def modern() -> None:
    """Goes on under a Python that will do, and lets the scripts import what needs nothing but Python."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        newer = _another_python()
        if newer is None:
            sys.exit(REFUSAL.format(*sys.version_info[:2]))
        os.execv(newer, [newer, *sys.argv])
    platform = str(ROOT / "platform")
    if platform not in sys.path:
        sys.path.insert(1, platform)


def _another_python() -> "str | None":
    """A name on the path may be a launcher for a Python that is not there: only one that runs counts."""
    named = [shutil.which("python3.{0}".format(minor)) for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    for python in [*named, shutil.which(str(ROOT / ".venv" / "bin" / "python"))]:
        if python and _runs_fit(python):
            return python
    return None


def _runs_fit(python: str) -> bool:
    return not subprocess.call([python, "-c", FITS], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
