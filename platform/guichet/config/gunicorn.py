"""How gunicorn runs the web: `gunicorn --config python:guichet.config.gunicorn`. Words on its command line win."""

import os
import sys
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger


class Log(Logger):
    """Its events go where LOGGING sends them, as lines like all others (guichet.config.settings.logs)."""

    def _set_handler(self, log: Any, output: Any, fmt: Any, stream: Any = None) -> None:
        pass


def _number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or int(value) < 1:
        sys.exit(f"Guichet does not start: {name} is {value!r}. Give a number from 1 on.")
    return int(value)


wsgi_app = "guichet.config.wsgi:application"
worker_class = "gthread"
workers = _number("WEB_CONCURRENCY", 2)
threads = _number("GUICHET_THREADS", 4)

# The code is loaded once, before the workers are forked: a refusal of the settings stops the start, LOGGING holds for
# the master too, and a worker that takes another's place begins at once. So a new release is a new master, not a HUP.
preload_app = True


def pre_fork(server: Any, worker: Any) -> None:
    """A connection opened while the code was loaded would be shared by every worker."""
    from django.db import connections  # noqa: PLC0415  # the code is loaded by then, not before

    connections.close_all()


# Seconds. A worker that gives no sign of life is replaced; a request may last longer, its thread is not the one asked.
timeout = 30
# What is under way when a stop is asked for has so long: less than what supervisors wait before they kill.
graceful_timeout = _number("GUICHET_STOP_SECONDS", 25)
# Longer than proxies keep a connection to us idle: they end it, never us under a request that just leaves.
keepalive = 75
# Memory that creeps is given back; not by all workers at once.
max_requests = 5000
max_requests_jitter = 500
# The sign of life is a file's date: in memory, so that a slow disk kills no worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # each file in it is made for us alone

# Which peer may speak of others is for guichet.web.proxies alone: neither paths nor the protocol are believed here.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
# Each request has its line (guichet.web.access).
accesslog = None
logger_class = Log
control_socket_disable = True
