"""The programs that the demo is made of."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from guichet.running.ports import addresses

WORKERS = 2
THREADS = 4
# Within what Children waits before it kills.
STOP_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Commands:
    prepare: Sequence[str]
    accounts: Sequence[str]
    web: Sequence[str]
    worker: Sequence[str]


def of_guichet(port: int) -> Commands:
    manage = (sys.executable, "manage.py")
    binds = [word for address in addresses(port) for word in ("--bind", address)]
    return Commands(
        prepare=(*manage, "demo", "prepare"),
        accounts=(*manage, "demo", "accounts"),
        web=(
            *(sys.executable, "-m", "gunicorn", "--config", "python:guichet.config.gunicorn", *binds),
            *("--workers", str(WORKERS), "--threads", str(THREADS), "--graceful-timeout", str(STOP_SECONDS)),
        ),
        worker=(*manage, "worker"),
    )
