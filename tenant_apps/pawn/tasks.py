"""The jobs of pawn loans."""

from django.utils import timezone
from procrastinate.contrib.django import app

from tenant_apps.pawn.papers.unmade_papers import make_unmade_papers
from tenant_apps.pawn.remind import remind as remind_clients
from tenant_apps.pawn.services.keep_dates import keep_dates

A_PIECE = 200


@app.task(name="pawn.night")
def night(*, tenant: str) -> None:
    """Terms that have passed, grace that begins, bonis that are lost, papers not made. Twice changes no more."""
    now = timezone.now()
    keep_dates(on=timezone.localdate(now), now=now, limit=A_PIECE)
    make_unmade_papers(now=now, limit=A_PIECE)


@app.task(name="pawn.remind")
def remind(*, tenant: str, asked_at: int) -> None:
    """Run twice, each thing is told once."""
    remind_clients(now=timezone.now())
