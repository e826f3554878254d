"""Give a person a second factor: a phone, an application, a PIN, a passkey. One of a kind, but of passkeys."""

import secrets
from base64 import b32encode
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_otp.models import Device

from guichet.tenancy.signing import keyring
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.exceptions import live_ways
from tenant_apps.identity.factors import devices_of, extra_methods, method_of
from tenant_apps.identity.models import PasskeyDevice, PinDevice, SmsDevice, TotpDevice, User, totp_purpose
from tenant_apps.identity.passkeys import MOST, NAME_LENGTH, Made
from tenant_apps.identity.pin_hashes import hash_pin
from tenant_apps.identity.realms import realm_of_user, rules_of
from tenant_apps.identity.totp import KEY_BYTES, accepted_step, drift_of
from tenant_apps.journal.record import record
from tenants.policy.document import Policy
from tenants.policy.sections.second_factor import Method

ENROLLED = "second_factor.enrolled"


class AlreadyEnrolledError(RuntimeError):
    """The person has a second factor: what may be added to it is not for a half-finished sign-in to say."""


def new_totp_key() -> str:
    """160 random bits in base32, as applications take them (RFC 4226, 4)."""
    return b32encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")


def enrol_totp(*, user: User, key: str, code: str, first: bool, now: datetime) -> TotpDevice | None:
    """The device, once a code shows that the application has the key; that code has served. None: a wrong code.

    `first`: only for who has no second factor yet. Raises AlreadyEnrolledError.
    """
    step = accepted_step(key, code=code, now=now, drift=0, after=-1)
    if step is None:
        return None
    sealed = keyring().seal(key, purpose=totp_purpose(user.pk))
    device = TotpDevice(key_sealed=sealed, last_step=step, drift=drift_of(step, now=now))
    _replace(user=user, device=device, first=first, now=now)
    return device


def enrol_known_totp(*, user: User, key: str, now: datetime) -> TotpDevice:
    """The person has the key in an application already, as when it moves from another portal."""
    device = TotpDevice(key_sealed=keyring().seal(key, purpose=totp_purpose(user.pk)))
    _replace(user=user, device=device, first=False, now=now)
    return device


def enrol_pin(*, user: User, pin: str, first: bool, now: datetime) -> PinDevice:
    """A PIN that the rules let through (see `tenant_apps.identity.domain.pins`). Raises AlreadyEnrolledError."""
    device = PinDevice(pin_hash=hash_pin(pin))
    _replace(user=user, device=device, first=first, now=now)
    return device


def enrol_passkey(*, user: User, made: Made, name: str, first: bool, now: datetime) -> PasskeyDevice | None:
    """None for a key that is somebody's already, or one too many. Raises AlreadyEnrolledError."""
    taken = PasskeyDevice.objects.filter(credential_id=made.credential_id).exists()
    if taken or PasskeyDevice.objects.filter(user=user, confirmed=True).count() >= MOST:
        return None
    device = PasskeyDevice(
        user=user,
        name=name[:NAME_LENGTH],
        credential_id=made.credential_id,
        sign_count=made.sign_count,
        aaguid=made.aaguid,
        created_at=now,
    )
    device.take_key(made.public_key)
    _replace(user=user, device=device, first=first, now=now)
    return device


def offered_methods(*, user: User, policy: Policy) -> list[Method]:
    """What this person can enrol alone. A code by SMS needs a number that the agency has on file."""
    on_file = user.client.mobile if user.client else ""
    ways = live_ways(user=user, now=timezone.now())
    extra = [method for method in extra_methods(policy=policy, ways=ways) if ways[method]]
    return [method for method in (*policy.second_factor.methods, *extra) if method != "sms" or on_file]


def phone_to_prove(*, user: User) -> SmsDevice | None:
    """The number on file, as a device that counts for nothing until a code has come back; None without a number."""
    if user.client is None or not user.client.mobile:
        return None
    found: tuple[SmsDevice, bool] = SmsDevice.objects.get_or_create(
        user=user, confirmed=False, phone=user.client.mobile, defaults={"name": "mobile"}
    )
    return found[0]


def enrol_phone(*, user: User, phone: str, first: bool, now: datetime) -> SmsDevice:
    """A number whose owner has just shown that it receives. E.164. Raises AlreadyEnrolledError."""
    device = SmsDevice(phone=phone)
    _replace(user=user, device=device, first=first, now=now)
    return device


@transaction.atomic
def _replace(*, user: User, device: Device, first: bool, now: datetime) -> None:
    """Sessions and half-finished sign-ins of before end; `device.user` is the user as it then stands."""
    # Two enrolments at once: the second waits, and finds the device of the first.
    locked = User.objects.select_for_update(of=("self",)).select_related("client").get(pk=user.pk)
    # What an exception that has ended left behind is no second factor.
    if first and devices_of(user=locked, policy=rules_of(realm_of_user(locked))):
        raise AlreadyEnrolledError
    method = method_of(device)
    if not isinstance(device, PasskeyDevice):
        # Of a passkey a person has one in each thing that holds one, by the person's own name for it.
        type(device).objects.filter(user=locked).delete()
        device.name = method
    device.user, device.confirmed = locked, True
    device.save()
    end_sessions(user=locked)
    record(kind=ENROLLED, at=now, subject=str(locked.uuid), method=method)
