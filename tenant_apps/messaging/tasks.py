"""The jobs of the outbox."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from tenant_apps.messaging.deliver_message import deliver_message, waiting_messages
from tenant_apps.messaging.letters_waiting import expire_letters

SWEEP_LIMIT = 200


@app.task(name="messaging.deliver")
def deliver(*, tenant: str, message: str) -> None:
    """Send one message. Running it twice sends once."""
    deliver_message(uuid=UUID(message), now=timezone.now())


@app.task(name="messaging.sweep")
def sweep(*, tenant: str) -> None:
    """Send what no job sent: a lost nudge, a retry that is due. Erase the letters that nobody printed in time."""
    expire_letters(now=timezone.now())
    for uuid in waiting_messages(now=timezone.now(), limit=SWEEP_LIMIT):
        deliver_message(uuid=uuid, now=timezone.now())
