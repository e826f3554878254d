"""One's own second factors, changed by who is in: each change is confirmed first, ends other sessions and is told."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django_otp.models import Device

from tenant_apps.identity.acts import Act
from tenant_apps.identity.devices import all_devices_of
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.enrol import enrol_phone, enrol_pin, enrol_totp, offered_methods
from tenant_apps.identity.factors import devices_of, typed
from tenant_apps.identity.models import User
from tenant_apps.identity.step_up import spend_first
from tenant_apps.identity.step_up_notices import tell_of_changed_devices
from tenant_apps.journal.record import record
from tenants.policy.document import Policy
from tenants.policy.sections.second_factor import Method

REMOVED = "second_factor.removed"


class NotRemovableError(ValueError):
    """The policy wants a second factor, and this is the last one."""


def addable(*, user: User, devices: Mapping[Method, Device], policy: Policy) -> list[Method]:
    """What this person may add or renew alone. A mobile that receives codes is replaced at the agency.

    Of passkeys there may be several: see `tenant_apps.identity.own_passkeys`.
    """
    offered = typed(offered_methods(user=user, policy=policy))
    return [method for method in offered if not (method == "sms" and "sms" in devices)]


def removable(*, devices: Mapping[Method, Device], policy: Policy) -> list[Method]:
    """One factor stays where the policy wants one at each sign-in."""
    spare = len(devices) > 1 or not policy.second_factor.required
    return list(devices) if spare else []


@transaction.atomic
def add_totp(*, user: User, key: str, code: str, act: Act, now: datetime) -> User | None:
    """The user as they now stand; None for a wrong code. Raises StepUpNeededError, and nothing has changed."""
    locked = spend_first(user=user, act=act, now=now)
    return added(enrol_totp(user=locked, key=key, code=code, first=False, now=now), now=now)


@transaction.atomic
def add_pin(*, user: User, pin: str, act: Act, now: datetime) -> User:
    """The user as they now stand. Raises StepUpNeededError, and nothing has changed."""
    locked = spend_first(user=user, act=act, now=now)
    return _told(enrol_pin(user=locked, pin=pin, first=False, now=now), now=now)


@transaction.atomic
def add_phone(*, user: User, phone: str, act: Act, now: datetime) -> User:
    """The same; a code that was sent to the number has come back."""
    locked = spend_first(user=user, act=act, now=now)
    return _told(enrol_phone(user=locked, phone=phone, first=False, now=now), now=now)


@transaction.atomic
def remove_device(*, user: User, method: Method, act: Act, policy: Policy, now: datetime) -> User:
    """The user as they now stand. Raises StepUpNeededError or NotRemovableError, and nothing has changed."""
    locked = spend_first(user=user, act=act, now=now)
    devices = devices_of(user=locked, policy=policy)
    if method not in removable(devices=devices, policy=policy):
        raise NotRemovableError
    gone = type(devices[method])
    for device in all_devices_of(user=locked):
        if isinstance(device, gone):
            device.delete()
    end_sessions(user=locked)
    record(kind=REMOVED, at=now, subject=str(locked.uuid), method=method)
    tell_of_changed_devices(user=locked, now=now)
    return locked


def added(device: Device | None, *, now: datetime) -> User | None:
    """Ends a transaction of its own. Without a device the confirmation has not served: the person tries again."""
    if device is None:
        transaction.set_rollback(True)
        return None
    return _told(device, now=now)


def _told(device: Device, *, now: datetime) -> User:
    enrolled: User = device.user
    tell_of_changed_devices(user=enrolled, now=now)
    return enrolled
