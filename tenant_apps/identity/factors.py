"""Second factors: which devices a person has, among those that the policy lets in."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.utils import timezone
from django_otp.models import Device

from tenant_apps.identity.exceptions import live_ways
from tenant_apps.identity.models import PasskeyDevice, PinDevice, SmsDevice, TotpDevice, User
from tenants.policy.document import Policy
from tenants.policy.sections.second_factor import Method

DEVICES: Mapping[Method, type[Device]] = MappingProxyType(
    {"sms": SmsDevice, "totp": TotpDevice, "pin": PinDevice, "passkey": PasskeyDevice}
)
# No row has this key: what is asked about nobody costs what is asked about somebody.
NOBODY = 0


def devices_of(
    *, user: User | None, policy: Policy, ways: Mapping[str, bool] | None = None
) -> dict[Method, Device]:
    """The confirmed device of each method of the policy, in the policy's order, and then of the person's exceptions.

    One query a method, for nobody too. `ways`: what `live_ways` said, when the caller has asked already.
    """
    lived = live_ways(user=user, now=timezone.now()) if ways is None else ways
    found = policy_devices_of(user=user, policy=policy)
    for method in extra_methods(policy=policy, ways=lived):
        # Looked for whoever has come, and used by who has the exception.
        device = _device_of(user, method)
        if device is not None and lived[method]:
            found[method] = device
    return found


def policy_devices_of(*, user: User | None, policy: Policy) -> dict[Method, Device]:
    """Without the exceptions: what is left when they have ended."""
    found = ((method, _device_of(user, method)) for method in policy.second_factor.methods)
    return {method: device for method, device in found if device is not None}


def extra_methods(*, policy: Policy, ways: Mapping[str, bool]) -> tuple[Method, ...]:
    """What somebody of the caisse has by exception besides the policy's methods."""
    return tuple(
        method for method in DEVICES if method in ways and method not in policy.second_factor.methods
    )


def _device_of(user: User | None, method: Method) -> Device | None:
    owned = DEVICES[method].objects.filter(user_id=user.pk if user else NOBODY, confirmed=True)
    found: Device | None = owned.order_by("-id").first()
    return found


def method_of(device: Device) -> Method:
    return next(method for method, model in DEVICES.items() if isinstance(device, model))


def persistent_id(*, method: Method, device: Device | None) -> str:
    """What `django_otp.verify_token` takes; without a device, that of none."""
    return f"{DEVICES[method].model_label()}/{device.pk if device else NOBODY}"


def typed(methods: Sequence[Method]) -> tuple[Method, ...]:
    """Those that a code is typed for."""
    return tuple(method for method in methods if method != "passkey")


def asked_first(devices: Mapping[Method, Device]) -> Method | None:
    """In the policy's order; but nothing is sent, unless asked for, to who has a passkey."""
    sent_last = "sms" if "passkey" in devices else None
    return next((method for method in devices if method != sent_last), None)


def one_page(policy: Policy) -> Method | None:
    """The method whose page a blind second step shows; None for the page that takes any code."""
    methods = typed(policy.second_factor.methods) or policy.second_factor.methods
    return methods[0] if len(methods) == 1 else None
