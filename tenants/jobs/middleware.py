"""A job runs as the caisse that enqueued it, and leaves nothing set behind."""

from collections.abc import Callable
from typing import Any

from django_tenants.utils import tenant_context
from procrastinate.job_context import JobContext

from guichet.tenancy.connection import connection
from tenants.selectors import caisse_of_schema


def in_its_caisse(call_next: Callable[[], Any], context: JobContext, worker: object) -> Any:
    """Task middleware. A job without `tenant` is a tick: it runs in `public`."""
    connection.set_schema_to_public()
    schema = context.job.task_kwargs.get("tenant")
    if schema is None:
        return call_next()
    try:
        with tenant_context(caisse_of_schema(schema=str(schema))):
            return call_next()
    finally:
        connection.set_schema_to_public()
