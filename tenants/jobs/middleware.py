"""A job runs as the caisse that enqueued it, and leaves nothing set behind."""

from collections.abc import Callable
from typing import Any

from django_tenants.utils import tenant_context
from procrastinate.job_context import JobContext

from guichet.telemetry.failures import failed
from guichet.telemetry.jobs import told_of
from guichet.tenancy.connection import connection
from tenants.selectors import caisse_of_schema


def in_its_caisse(call_next: Callable[[], Any], context: JobContext, worker: object) -> Any:
    """Task middleware. A job without `tenant` is a tick: it runs in `public`."""
    connection.set_schema_to_public()
    # A thread of the worker keeps its connection for days: one that the server has closed must not fail every job.
    connection.close_if_unusable_or_obsolete()
    schema = context.job.task_kwargs.get("tenant")
    try:
        with told_of(task=context.job.task_name, job_id=context.job.id):
            if schema is None:
                return _watched(call_next)
            with tenant_context(caisse_of_schema(schema=str(schema))):
                return _watched(call_next)
    finally:
        connection.set_schema_to_public()


def _watched(call_next: Callable[[], Any]) -> Any:
    """Reported here, while its caisse is set: procrastinate tells of it later, in another thread."""
    try:
        return call_next()
    except Exception as error:  # whatever it is, it is told and raised again
        failed(error)
        raise
