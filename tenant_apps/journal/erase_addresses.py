"""Erase the addresses that the law lets nobody keep any longer. The chain of seals stays whole without them."""

from datetime import datetime

from django.db import transaction

from guichet.tenancy.connection import connection
from tenant_apps.journal.record import record
from tenant_apps.journal.selectors import has_addresses_before
from tenants.policy.current import current_policy

ERASED = "journal.addresses_erased"
AT_ONCE = 5000


def erase_addresses(*, now: datetime) -> int:
    """How many went. Events lose nothing else: the caisse's role may change them through this one function only."""
    before = now - current_policy().journal.addresses_kept
    if not has_addresses_before(moment=before):
        return 0
    # First, so that whoever verifies the journal knows why they are gone, even if this ends halfway.
    record(kind=ERASED, at=now, before=before.isoformat())
    gone = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT journal_erase_addresses(%s, %s)", [before, AT_ONCE])
            row = cursor.fetchone()
        erased = int(row[0]) if row else 0
        gone += erased
        if erased < AT_ONCE:
            return gone
