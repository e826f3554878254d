"""One's own passkeys, added and removed by who is in: confirmed first, and told."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.identity.acts import Act
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.enrol import enrol_passkey
from tenant_apps.identity.factors import devices_of
from tenant_apps.identity.models import PasskeyDevice, User
from tenant_apps.identity.own_devices import REMOVED, NotRemovableError, added, removable
from tenant_apps.identity.passkeys import MOST, Made, passkeys_of
from tenant_apps.identity.step_up import spend_first
from tenant_apps.identity.step_up_notices import tell_of_changed_devices
from tenant_apps.journal.record import record
from tenants.policy.document import Policy


@transaction.atomic
def add_passkey(*, user: User, made: Made, name: str, act: Act, now: datetime) -> User | None:
    """The user as they now stand; None for a key that cannot be theirs. Raises StepUpNeededError."""
    locked = spend_first(user=user, act=act, now=now)
    return added(enrol_passkey(user=locked, made=made, name=name, first=False, now=now), now=now)


@transaction.atomic
def remove_passkey(*, user: User, uuid: UUID, act: Act, policy: Policy, now: datetime) -> User:
    """The user as they now stand. Raises StepUpNeededError or NotRemovableError, and nothing has changed."""
    locked = spend_first(user=user, act=act, now=now)
    if not may_remove(user=locked, policy=policy):
        raise NotRemovableError
    gone, _ = PasskeyDevice.objects.filter(user=locked, uuid=uuid).delete()
    if not gone:
        raise NotRemovableError
    end_sessions(user=locked)
    record(kind=REMOVED, at=now, subject=str(locked.uuid), method="passkey")
    tell_of_changed_devices(user=locked, now=now)
    return locked


def may_add(*, user: User, policy: Policy) -> bool:
    return "passkey" in policy.second_factor.methods and len(passkeys_of(user=user)) < MOST


def may_remove(*, user: User, policy: Policy) -> bool:
    """Another passkey, or another second factor, is left; or none is wanted."""
    devices = devices_of(user=user, policy=policy)
    return "passkey" in removable(devices=devices, policy=policy) or len(passkeys_of(user=user)) > 1
