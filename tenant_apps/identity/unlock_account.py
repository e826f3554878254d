"""Open again, at the counter, an account that failed tries have closed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.identity.counter_notices import tell_of_unlocking
from tenant_apps.identity.counters import clear_account
from tenant_apps.identity.models import TryCounter, User
from tenant_apps.identity.standing import is_closed
from tenant_apps.journal.record import record


@transaction.atomic
def unlock_account(*, user: User, by: UUID, reason: str, now: datetime) -> bool:
    """Whether it was closed. A second run, or a colleague's at the same time, changes and tells nothing."""
    counters = TryCounter.objects.select_for_update()
    counter = counters.filter(scope=TryCounter.Scope.ACCOUNT, key=user.login_index).first()
    if counter is None or not is_closed(counter=counter, now=now):
        return False
    clear_account(key=user.login_index)
    record(kind="account.unlocked", at=now, subject=str(user.uuid), by=str(by), reason=reason)
    tell_of_unlocking(user=user, now=now)
    return True
