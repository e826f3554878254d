"""Have a worker write the current caisse's report."""

from datetime import datetime

from guichet.tenancy.enqueue import enqueue

TASK = "tenants.report"


def ask_for_report(*, at: datetime) -> None:
    """In the caller's transaction; one job, however often it is asked for."""
    enqueue(TASK, queueing_lock=TASK, asked_at=int(at.timestamp()))
