"""The jobs of the journal."""

from django.utils import timezone
from procrastinate.contrib.django import app

from tenant_apps.journal.erase_addresses import erase_addresses
from tenant_apps.journal.seal_journal import seal_journal


@app.task(name="journal.seal")
def seal(*, tenant: str) -> None:
    """Close the blocks that can be. Run twice, the second finds nothing to close."""
    seal_journal(now=timezone.now())


@app.task(name="journal.erase_addresses")
def erase(*, tenant: str) -> None:
    """Run twice, the second finds nothing to erase."""
    erase_addresses(now=timezone.now())
