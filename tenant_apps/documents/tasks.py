"""The jobs of documents."""

from django.utils import timezone
from procrastinate.contrib.django import app

from tenant_apps.documents.forget_orphans import forget_orphans


@app.task(name="documents.night")
def night(*, tenant: str) -> None:
    """Remove the files of late that no document names."""
    forget_orphans(now=timezone.now())
