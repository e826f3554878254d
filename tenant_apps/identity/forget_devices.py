"""Forget, at the counter, the second factors that a client can no longer use: the next sign-in enrols again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.identity.counter_notices import tell_of_forgotten_devices
from tenant_apps.identity.devices import all_devices_of, is_forgettable
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import User
from tenant_apps.identity.recovery_codes import forget_codes
from tenant_apps.journal.record import record
from tenants.policy.document import Policy


@transaction.atomic
def forget_devices(
    *, user: User, document: str, by: UUID, reason: str, policy: Policy, now: datetime
) -> bool:
    """Whether there was one to forget; sessions begun with it end. A second run changes and tells nothing.

    `document`: what the staff member was shown by the person at the counter.
    """
    # Two colleagues at once: the second one waits here, and finds nothing left.
    locked = User.objects.select_for_update().get(pk=user.pk)
    gone = [each for each in all_devices_of(user=locked) if is_forgettable(device=each, policy=policy)]
    if not gone:
        return False
    for device in gone:
        device.delete()
    forget_codes(user=locked)
    end_sessions(user=locked)
    record(
        kind="account.devices_forgotten",
        at=now,
        subject=str(user.uuid),
        by=str(by),
        reason=reason,
        document=document,
        devices=sorted({each._meta.model_name or "" for each in gone}),
    )
    tell_of_forgotten_devices(user=user, now=now)
    return True
