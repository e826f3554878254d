"""The jobs of the counter."""

from django.utils import timezone
from procrastinate.contrib.django import app

from tenant_apps.desk.drafts import forget_drafts


@app.task(name="desk.night")
def night(*, tenant: str) -> None:
    """Forget answers that nobody confirmed."""
    forget_drafts(now=timezone.now())
