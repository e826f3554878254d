"""Write another mobile number in a client's file, at the counter, and send the codes there."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from guichet.tenancy.signing import keyring
from tenant_apps.clients.change_mobile import change_mobile
from tenant_apps.clients.models import Client
from tenant_apps.identity.counter_notices import tell_of_new_phone
from tenant_apps.identity.devices import all_devices_of
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.journal.record import record
from tenant_apps.messaging.let_lapse import let_lapse
from tenants.policy.document import Policy

SHOWN = "mobile-as-shown"


class FileChangedError(RuntimeError):
    """A colleague changed the number after the page was shown: what was checked on it may no longer hold."""


@transaction.atomic
def replace_phone(
    *,
    client: Client,
    user: User,
    mobile: str,
    seen: str,
    document: str,
    by: UUID,
    reason: str,
    policy: Policy,
    now: datetime,
) -> bool:
    """Whether anything changed: a second run with the same number changes and tells nothing.

    `mobile` in E.164; `seen`: what `mobile_as_shown` said for the page. The file and the device change together, the
    live code is void, the client's sessions end, and the number that is left is told. Raises FileChangedError.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    # A colleague may have written it while this one waited for the lock.
    client.refresh_from_db(fields=["mobile"])
    devices = list(SmsDevice.objects.select_for_update().filter(user=locked).order_by("-confirmed", "-id"))
    sends_codes = _sends_codes(devices, user=locked, policy=policy)
    before = {client.mobile, *(each.phone for each in devices)}
    if before == {mobile} and (devices or not sends_codes):
        return False
    if not keyring().matches(_shown(client), seen, purpose=SHOWN):
        raise FileChangedError
    change_mobile(client=client, mobile=mobile)
    _point_to(mobile, devices, user=locked, sends_codes=sends_codes)
    end_sessions(user=locked)
    record(
        kind="account.phone_replaced",
        at=now,
        subject=str(user.uuid),
        by=str(by),
        reason=reason,
        document=document,
    )
    _leave(before - {mobile, ""}, client=client, user=user, now=now)
    return True


def _leave(numbers: Iterable[str], *, client: Client, user: User, now: datetime) -> None:
    """They are told, and nothing that did not arrive there is sent again."""
    left = sorted(numbers)
    for gone in left:
        let_lapse(about=user.uuid, to=gone, now=now)
    tell_of_new_phone(client=client, user=user, left=left, now=now)


def mobile_as_shown(*, client: Client) -> str:
    """What the page carries of the number in the file, which only the counter changes.

    Not the epoch of sessions, nor the devices: whoever is in with a stolen session moves those, and would keep the
    agency from replacing the phone.
    """
    return keyring().digest(_shown(client), purpose=SHOWN)


def _shown(client: Client) -> str:
    return f"{client.pk}:{client.mobile}"


def _sends_codes(devices: list[SmsDevice], *, user: User, policy: Policy) -> bool:
    """Who has chosen an application is not given a weaker factor besides."""
    return "sms" in policy.second_factor.methods and (bool(devices) or not all_devices_of(user=user))


def _point_to(mobile: str, devices: list[SmsDevice], *, user: User, sends_codes: bool) -> None:
    """One device at most, with this number, and neither a code nor sendings of the number before."""
    if not devices and not sends_codes:
        return
    kept, *others = devices or [SmsDevice(user=user, name="mobile")]
    for device in others:
        device.delete()
    kept.phone, kept.confirmed = mobile, True
    kept.code_digest, kept.code_expires_at, kept.sent = "", None, []
    kept.save()
