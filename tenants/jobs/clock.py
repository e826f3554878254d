"""What runs by the clock in every caisse."""

import logging
from enum import StrEnum
from typing import Any

from django.db import DatabaseError
from django_tenants.utils import tenant_context
from procrastinate.exceptions import ConnectorException

from guichet.tenancy.enqueue import enqueue
from tenants.selectors import caisses_with_schema

log = logging.getLogger(__name__)
# Hundreds of jobs at once, that nobody waits for: a code by SMS goes before them all.
BY_THE_CLOCK = -10


class Rhythm(StrEnum):
    """How often the clock ticks."""

    MINUTE = "minute"
    QUARTER = "quarter"
    NIGHT = "night"


_tasks: dict[Rhythm, set[str]] = {rhythm: set() for rhythm in Rhythm}


def each_minute(task: str) -> None:
    """Register a task, by its name, that every caisse runs once a minute."""
    _tasks[Rhythm.MINUTE].add(task)


def each_quarter(task: str) -> None:
    """Register a task, by its name, that every caisse runs each quarter of an hour.

    It takes `asked_at`, the second since 1970 at which it was enqueued: its wait tells how late the workers are.
    """
    _tasks[Rhythm.QUARTER].add(task)


def each_night(task: str) -> None:
    """Register a task, by its name, that every caisse runs once a night."""
    _tasks[Rhythm.NIGHT].add(task)


def fan_out(rhythm: Rhythm, **arguments: Any) -> int:
    """One job a caisse and task, unless one already waits; how many were asked for. Each is given the arguments.

    A caisse that cannot take its jobs is logged: the others get theirs.
    """
    tasks = sorted(_tasks[rhythm])
    asked = 0
    for caisse in list(caisses_with_schema()):
        try:
            with tenant_context(caisse):
                for task in tasks:
                    enqueue(task, queueing_lock=task, priority=BY_THE_CLOCK, **arguments)
                    asked += 1
        except (DatabaseError, ConnectorException):
            log.exception("the clock cannot reach %s", caisse.schema_name)
    return asked
