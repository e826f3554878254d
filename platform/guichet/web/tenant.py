"""Host → caisse → URL tree."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.signals import request_finished
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import set_urlconf

from guichet.tenancy.connection import connection
from guichet.web.errors import unknown_host
from guichet.web.hosts import HostRefusedError, normal_host
from tenants.selectors import caisse_of_host


class TenantMiddleware:
    """Sets the caisse of the request's host, in one query. An unknown host learns no name of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        request_finished.connect(_rest, dispatch_uid="guichet.rest")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        connection.set_schema_to_public()
        try:
            host = normal_host(request.get_host())
        except (DisallowedHost, HostRefusedError):
            return unknown_host(request)
        caisse = caisse_of_host(host=host)
        if caisse is None:
            return unknown_host(request)
        request.tenant = caisse  # type: ignore[attr-defined]  # read as `request.tenant` everywhere
        request.urlconf = settings.URL_TREES[caisse.kind]
        set_urlconf(request.urlconf)
        connection.set_tenant(caisse)
        try:
            return self.get_response(request)
        finally:
            connection.set_schema_to_public()


def _rest(**_: object) -> None:
    """After the response has left, so that nobody waits for it."""
    if connection.in_atomic_block:
        return
    try:
        connection.rest_in_public()
    except DatabaseError:
        # The server went away between two requests: the next one opens a connection of its own.
        connection.close()
