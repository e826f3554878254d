"""What load balancers and supervisors ask: does the process live, may it be given requests."""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from guichet.tenancy.connection import connection
from tenants.readiness import NO_ANSWER, Readiness, readiness
from tenants.tasks import DEAD_AFTER_SECONDS

HEALTHZ, READYZ = "/healthz", "/readyz"
READS = ("GET", "HEAD")
SILENCE = timedelta(seconds=DEAD_AFTER_SECONDS)
# However many ask, a process puts its question once in so long, and has one thread wait for the answer.
FRESH_SECONDS = 1.0
PATIENCE_SECONDS = 1.0
log = logging.getLogger(__name__)


class ProbeMiddleware:
    """First of all: on any host, by plain HTTP too, without session, cookie, redirect or line in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._probes = {HEALTHZ: _health, READYZ: _Latest().response}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = self._probes.get(request.path)
        if probe is None:
            return self.get_response(request)
        response = probe() if request.method in READS else HttpResponseNotAllowed(READS)
        response["Cache-Control"] = "no-store"
        # A change is a line (see below); Django would make each 503 an error, every second.
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django's mark  # noqa: SLF001  # it has no door
        return response


def _health() -> HttpResponse:
    """Asks nothing of the database: a process is not killed because that one is away."""
    return HttpResponse("ok\n", content_type="text/plain")


@dataclass(frozen=True, slots=True)
class _Answer:
    found: Readiness
    at: float


class _Latest:
    """The process's last answer, made anew by one thread at a time."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._last: _Answer | None = None

    def response(self) -> HttpResponse:
        found = self._found()
        words = {"ready": found.ready, **asdict(found)}
        return HttpResponse(
            json.dumps(words, indent=2) + "\n",
            status=200 if found.ready else 503,
            content_type="application/json",
        )

    def _found(self) -> Readiness:
        if (known := self._fresh()) is not None:
            return known
        if not self._asking.acquire(timeout=PATIENCE_SECONDS):
            # Whoever asks waits for a database that takes the question and says nothing.
            return NO_ANSWER
        try:
            # Another thread may have had the answer meanwhile.
            return self._fresh() or self._ask()
        finally:
            self._asking.release()

    def _fresh(self) -> Readiness | None:
        last = self._last
        return last.found if last is not None and time.monotonic() - last.at < FRESH_SECONDS else None

    def _ask(self) -> Readiness:
        connection.set_schema_to_public()
        found, before = readiness(silence=SILENCE), self._last
        self._last = _Answer(found, time.monotonic())
        if found != (before.found if before else None) and not (before is None and found.ready):
            log.log(logging.INFO if found.ready else logging.WARNING, "readiness: %s", asdict(found))
        return found
