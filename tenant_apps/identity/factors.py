"""Second factors: which devices a person has, among those that the policy lets in."""

from collections.abc import Mapping
from types import MappingProxyType

from django_otp.models import Device

from tenant_apps.identity.models import PinDevice, SmsDevice, TotpDevice, User
from tenants.policy.document import Policy
from tenants.policy.sections.second_factor import Method

DEVICES: Mapping[Method, type[Device]] = MappingProxyType(
    {"sms": SmsDevice, "totp": TotpDevice, "pin": PinDevice}
)
# No row has this key: what is asked about nobody costs what is asked about somebody.
NOBODY = 0


def devices_of(*, user: User | None, policy: Policy) -> dict[Method, Device]:
    """The confirmed device of each method of the policy, in the policy's order. One query a method, for nobody too."""
    found: dict[Method, Device] = {}
    for method in policy.second_factor.methods:
        owned = DEVICES[method].objects.filter(user_id=user.pk if user else NOBODY, confirmed=True)
        device = owned.order_by("-id").first()
        if device is not None:
            found[method] = device
    return found


def method_of(device: Device) -> Method:
    return next(method for method, model in DEVICES.items() if isinstance(device, model))


def persistent_id(*, method: Method, device: Device | None) -> str:
    """What `django_otp.verify_token` takes; without a device, that of none."""
    return f"{DEVICES[method].model_label()}/{device.pk if device else NOBODY}"


def one_page(policy: Policy) -> Method | None:
    """The method whose page a blind second step shows; None for the page that takes any code."""
    methods = policy.second_factor.methods
    return methods[0] if len(methods) == 1 else None
