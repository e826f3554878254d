"""Open a way in to one person for some days, and close it again, at the counter."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tenant_apps.identity.counter_notices import tell_of_exception
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.exceptions import BY_EXCEPTION, Way, grantable_ways
from tenant_apps.identity.factors import policy_devices_of
from tenant_apps.identity.models import SmsDevice, User, WayException
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

GRANTED, ENDED = "account.exception_granted", "account.exception_ended"


class CannotGrantError(ValueError):
    """Not this way, or not for so long."""


@transaction.atomic
def grant_exception(
    *, user: User, way: str, lasts: timedelta, by: UUID, reason: str, policy: Policy, now: datetime
) -> WayException:
    """It ends by itself; granted again, it is prolonged. The client is told. Raises CannotGrantError."""
    locked = User.objects.select_for_update(of=("self",)).select_related("client").get(pk=user.pk)
    has_device = bool(policy_devices_of(user=locked, policy=policy))
    if way not in grantable_ways(user=locked, policy=policy, has_device=has_device):
        raise CannotGrantError(way)
    if not timedelta() < lasts <= policy.staff.exception_longest:
        raise CannotGrantError(str(lasts))
    granted, _ = WayException.objects.update_or_create(
        user=locked, way=way, defaults={"granted_at": now, "ends_at": now + lasts}
    )
    if way == Way.SMS:
        _receive_codes(locked)
    record(
        kind=GRANTED,
        at=now,
        subject=str(locked.uuid),
        by=str(by),
        reason=reason,
        way=way,
        ends_at=granted.ends_at.isoformat(),
    )
    tell_of_exception(user=locked, way=way, until=granted.ends_at, now=now)
    return granted


@transaction.atomic
def end_exception(*, user: User, way: str, by: UUID, now: datetime) -> bool:
    """Whether it lived. What was begun with it ends. A second run changes nothing."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    live = WayException.objects.filter(user=locked, way=way, ends_at__gt=now)
    if not live.update(ends_at=now):
        return False
    if way == Way.SMS:
        SmsDevice.objects.filter(user=locked, name=BY_EXCEPTION).delete()
    end_sessions(user=locked)
    record(kind=ENDED, at=now, subject=str(locked.uuid), by=str(by), way=way)
    return True


def forget_old_exceptions(*, now: datetime) -> int:
    """Those that have ended, with the devices that they brought; how many went."""
    live = WayException.objects.filter(way=Way.SMS, ends_at__gt=now)
    SmsDevice.objects.filter(name=BY_EXCEPTION).exclude(user__in=live.values("user")).delete()
    gone, _ = WayException.objects.filter(ends_at__lte=now).delete()
    return gone


def _receive_codes(user: User) -> None:
    """On the number that the agency has on file, and on no other."""
    mobile = user.client.mobile if user.client else ""
    SmsDevice.objects.filter(user=user).delete()
    SmsDevice.objects.create(user=user, name=BY_EXCEPTION, phone=mobile, confirmed=True)
