"""What the journal does by the clock, and after the master key has been replaced."""

from datetime import datetime

from tenant_apps.journal.record import record
from tenant_apps.journal.seal_journal import seal_journal
from tenants.jobs.clock import each_minute, each_night
from tenants.keys.registry import register_after_rotation

ROTATED = "keys.rotated"


def vouch_anew(now: datetime) -> None:
    """Seals cannot be made again: a last one under the newest key vouches for all of those before it."""
    record(kind=ROTATED, at=now)
    seal_journal(now=now, always=True)


each_minute("journal.seal")
each_night("journal.erase_addresses")
register_after_rotation(vouch_anew)
