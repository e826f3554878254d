"""The jobs of identity."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from guichet.web.sessions import SessionStore
from tenant_apps.identity.counters import forget_old_counters

COUNTERS_KEPT = timedelta(days=30)


@app.task(name="identity.forget")
def forget(*, tenant: str) -> None:
    """Drop ended sessions and the counters of identifiers that nobody tried for long."""
    SessionStore.clear_expired()
    forget_old_counters(before=timezone.now() - COUNTERS_KEPT)
