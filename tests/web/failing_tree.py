"""The tree of a caisse, with addresses that fail in each way a view can."""

from datetime import timedelta
from typing import NoReturn

from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from guichet.config.urls import demo_caisse
from guichet.config.urls.handlers import handler400, handler403, handler404, handler500
from guichet.web.errors import too_many
from tenants.policy.current import current_policy

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

WAIT = timedelta(minutes=2)
# What the last failure saw of the database before it raised.
asked_before: list[int] = []


class FailureError(RuntimeError):
    """Raised on purpose."""


def misunderstood(request: HttpRequest) -> NoReturn:
    raise BadRequest


def closed(request: HttpRequest) -> NoReturn:
    raise PermissionDenied


def hurried(request: HttpRequest) -> HttpResponse:
    return too_many(request, wait=WAIT)


def failing_early(request: HttpRequest) -> NoReturn:
    raise FailureError


def failing_late(request: HttpRequest) -> NoReturn:
    """Once the policy was read, as by nearly every view."""
    current_policy()
    asked_before[:] = [len(connection.queries_log)]
    raise FailureError


urlpatterns = [
    *demo_caisse.urlpatterns,
    path("echec/400/", misunderstood),
    path("echec/403/", closed),
    path("echec/429/", hurried),
    path("echec/500/", failing_early),
    path("echec/500-ensuite/", failing_late),
]
