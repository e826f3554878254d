"""What runs by the clock in every caisse."""

from django_tenants.utils import tenant_context

from guichet.tenancy.enqueue import enqueue
from tenants.selectors import caisses_with_schema

_each_minute: set[str] = set()
_each_night: set[str] = set()


def each_minute(task: str) -> None:
    """Register a task, by its name, that every caisse runs once a minute."""
    _each_minute.add(task)


def each_night(task: str) -> None:
    """Register a task, by its name, that every caisse runs once a night."""
    _each_night.add(task)


def fan_out(*, nightly: bool) -> int:
    """One job a caisse and task, unless one already waits; how many were asked for."""
    tasks = sorted(_each_night if nightly else _each_minute)
    asked = 0
    for caisse in list(caisses_with_schema()):
        with tenant_context(caisse):
            for task in tasks:
                enqueue(task, queueing_lock=task)
                asked += 1
    return asked
