"""What runs by the clock in every caisse."""

import logging

from django.db import DatabaseError
from django_tenants.utils import tenant_context
from procrastinate.exceptions import ConnectorException

from guichet.tenancy.enqueue import enqueue
from tenants.selectors import caisses_with_schema

log = logging.getLogger(__name__)
_each_minute: set[str] = set()
_each_night: set[str] = set()


def each_minute(task: str) -> None:
    """Register a task, by its name, that every caisse runs once a minute."""
    _each_minute.add(task)


def each_night(task: str) -> None:
    """Register a task, by its name, that every caisse runs once a night."""
    _each_night.add(task)


def fan_out(*, nightly: bool) -> int:
    """One job a caisse and task, unless one already waits; how many were asked for.

    A caisse that cannot take its jobs is logged: the others get theirs.
    """
    tasks = sorted(_each_night if nightly else _each_minute)
    asked = 0
    for caisse in list(caisses_with_schema()):
        try:
            with tenant_context(caisse):
                for task in tasks:
                    enqueue(task, queueing_lock=task)
                    asked += 1
        except (DatabaseError, ConnectorException):
            log.exception("the clock cannot reach %s", caisse.schema_name)
    return asked
