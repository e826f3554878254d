"""What is told of a job while it runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import sentry_sdk
from structlog.contextvars import bound_contextvars


@contextmanager
def told_of(*, task: str, job_id: int | None) -> Iterator[None]:
    """Lines and reports written meanwhile name the job; a report holds no trace of another caisse's job."""
    with bound_contextvars(task=task, job_id=job_id), sentry_sdk.isolation_scope() as scope:
        scope.clear_breadcrumbs()
        yield
