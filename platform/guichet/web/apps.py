"""The application of the base screens."""

from django.apps import AppConfig
from django.core.signals import request_finished
from django.db import DatabaseError

from guichet.tenancy.connection import connection


class WebConfig(AppConfig):
    name = "guichet.web"
    label = "web"

    def ready(self) -> None:
        request_finished.connect(_rest, dispatch_uid="guichet.rest")


def _rest(**_: object) -> None:
    """After the response has left, so that nobody waits for it."""
    if connection.in_atomic_block:
        return
    try:
        connection.rest_in_public()
    except DatabaseError:
        # The server went away between two requests: the next one opens a connection of its own.
        connection.close()
