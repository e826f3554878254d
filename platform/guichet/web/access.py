"""One line about each request, and the number by which its lines are found."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bound_contextvars

from guichet.telemetry.words import NOWHERE, route_of
from guichet.tenancy.roles import PUBLIC

HEADER = "X-Request-ID"
# As wide as what proxies make: 32 hexadecimal digits, or a UUID.
_GIVEN = re.compile(r"[\w-]{16,64}", re.ASCII)
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"))
log = logging.getLogger("guichet.access")


class AccessMiddleware:
    """After ProxyMiddleware, which has dropped the number that a stranger chose.

    The line tells the route and not the address, which holds references of people's things; no query string, no body,
    no address of the client.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        number = _number(request)
        with bound_contextvars(request_id=number):
            response = self.get_response(request)
            _write(request, response, seconds=time.perf_counter() - begun)
        response[HEADER] = number
        return response


def _number(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if _GIVEN.fullmatch(given) else uuid.uuid4().hex


def _write(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    facts = {
        "method": request.method if request.method in _METHODS else NOWHERE,
        "route": _route(request),
        "status": response.status_code,
        "duration_ms": round(seconds * 1000, 1),
    }
    # By now the connection rests in public again.
    caisse = getattr(request, "tenant", None)
    schema = caisse.schema_name if caisse else PUBLIC
    log.info(
        "%(method)s %(route)s %(status)s in %(duration_ms)s ms", facts, extra={**facts, "schema": schema}
    )


def _route(request: HttpRequest) -> str:
    if request.path.startswith(settings.STATIC_URL):
        return f"{settings.STATIC_URL}…"
    return route_of(request)
