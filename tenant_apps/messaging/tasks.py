"""The jobs of the outbox."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from tenant_apps.messaging.deliver_message import deliver_message, waiting_messages
from tenant_apps.messaging.letters_waiting import expire_letters

SWEEP_LIMIT = 200
# A slow provider must not keep a worker from the other caisses: the rest waits for the next minute.
SWEEP_LENGTH = timedelta(seconds=10)


@app.task(name="messaging.deliver")
def deliver(*, tenant: str, message: str) -> None:
    """Send one message. Running it twice sends once."""
    deliver_message(uuid=UUID(message), now=timezone.now())


@app.task(name="messaging.sweep")
def sweep(*, tenant: str) -> None:
    """Send what no job sent: a lost nudge, a retry that is due, what a killed worker had in its hands.

    Erase the letters that nobody printed in time.
    """
    begun = timezone.now()
    expire_letters(now=begun)
    for uuid in waiting_messages(now=begun, limit=SWEEP_LIMIT):
        deliver_message(uuid=uuid, now=timezone.now())
        if timezone.now() - begun > SWEEP_LENGTH:
            break
