"""The ticks of the clock, the rescue of jobs whose worker died, and what a caisse reports of itself."""

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from tenants.jobs.clock import Rhythm, each_quarter, fan_out
from tenants.reports.ask_report import TASK
from tenants.reports.write_report import write_report

# A worker beats every ten seconds: after thirty without, it is dead.
DEAD_AFTER_SECONDS = 30


@app.periodic(cron="* * * * *")
@app.task(name="tenants.minute", queueing_lock="tenants.minute")
def minute(timestamp: int) -> None:
    fan_out(Rhythm.MINUTE)


@app.periodic(cron="*/15 * * * *")
@app.task(name="tenants.quarter", queueing_lock="tenants.quarter")
def quarter(timestamp: int) -> None:
    # Not the time of the tick: one that was missed while no worker ran comes late, and is no wait for a worker.
    fan_out(Rhythm.QUARTER, asked_at=int(timezone.now().timestamp()))


@app.periodic(cron="17 3 * * *")
@app.task(name="tenants.night", queueing_lock="tenants.night")
def night(timestamp: int) -> None:
    fan_out(Rhythm.NIGHT)


@app.periodic(cron="* * * * * */30")
@app.task(name="tenants.rescue", queueing_lock="tenants.rescue")
async def rescue(timestamp: int) -> None:
    """A job of a killed worker stays « doing » for ever: give it to another worker. Jobs may run twice."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
        await app.job_manager.retry_job(job, retry_at=timezone.now())


@app.task(name=TASK)
def report(*, tenant: str, asked_at: int) -> None:
    """What the caisse says of itself to the GIE. Running it twice leaves one report."""
    write_report(now=timezone.now(), asked_at=datetime.fromtimestamp(asked_at, tz=UTC))


each_quarter(TASK)
