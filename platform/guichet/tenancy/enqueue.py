"""The only way to enqueue a job: inside the caller's transaction, carrying the caller's caisse."""

from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager

from guichet.tenancy.connection import connection
from guichet.tenancy.roles import PUBLIC
from guichet.tenancy.router import NoTenantSetError

# In the worker the application's own connector is another connection: a job deferred with it
# would survive the rollback of the transaction that asked for it.
_in_transaction = JobManager(DjangoConnector(alias="default"))


def enqueue(
    task: str,
    *,
    lock: str | None = None,
    queueing_lock: str | None = None,
    priority: int = 0,
    at: datetime | None = None,
    **arguments: Any,
) -> int | None:
    """Enqueue a task, by its name, for the current caisse; the job's id, or None when `queueing_lock` waits already.

    `priority`: below zero it waits for all that somebody waits for. No caisse comes before another's.
    `at`: not before that moment.
    A rollback of the caller's transaction takes the job with it. Raises NoTenantSetError.
    """
    schema = connection.schema_name
    if schema == PUBLIC:
        raise NoTenantSetError(f"{task} was enqueued while no caisse is set")
    deferrer = app.configure_task(
        task,
        allow_unknown=False,
        priority=priority,
        schedule_at=at,
        lock=lock and f"{schema}:{lock}",
        queueing_lock=queueing_lock and f"{schema}:{queueing_lock}",
    )
    deferrer.job_manager = _in_transaction
    if queueing_lock is None:
        return deferrer.defer(tenant=schema, **arguments)
    try:
        # What the lock refuses must not take the caller's transaction with it.
        with transaction.atomic():
            return deferrer.defer(tenant=schema, **arguments)
    except AlreadyEnqueued:
        return None
