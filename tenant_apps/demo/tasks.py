"""The jobs of the demo: what its payment provider has to tell."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from tenant_apps.demo.cards.acts import late_orders, tell
from tenants.jobs.clock import each_minute

each_minute("demo.tell_late")


@app.task(name="demo.tell")
def tell_of_order(*, tenant: str, order: str) -> None:
    """Running it twice tells the same."""
    tell(uuid=UUID(order), now=timezone.now())


@app.task(name="demo.tell_late")
def tell_late(*, tenant: str) -> None:
    """What is to be told late."""
    now = timezone.now()
    for uuid in late_orders(now=now):
        tell(uuid=uuid, now=now)
