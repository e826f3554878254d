"""The jobs of appointments."""

from django.utils import timezone
from procrastinate.contrib.django import app

from tenant_apps.agencies.remind import remind_of_appointments


@app.task(name="agencies.remind")
def remind(*, tenant: str, asked_at: int) -> None:
    """Run twice, each client is told once."""
    remind_of_appointments(now=timezone.now())
