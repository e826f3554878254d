"""Write an event."""

from datetime import datetime
from typing import Any

from tenant_apps.journal.models import Event


def record(*, kind: str, at: datetime, subject: str = "", address: str | None = None, **details: Any) -> None:
    """In the caller's transaction when there is one. `details` must not hold personal data."""
    Event.objects.create(kind=kind, at=at, subject=subject, address=address, details=details)
