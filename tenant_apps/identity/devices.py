"""The second factors of a user, of whatever kind."""

from django.apps import apps
from django_otp.models import Device

from tenant_apps.identity.models import SmsDevice, User
from tenants.policy.document import Policy

APPLICATION = "identity"


def device_models() -> list[type[Device]]:
    """Ours only: a library that is installed for its screens may bring devices that nobody here checks."""
    models = apps.get_app_config(APPLICATION).get_models()
    return [model for model in models if issubclass(model, Device)]


def all_devices_of(*, user: User) -> list[Device]:
    """Confirmed or not, one query for each kind of device there is."""
    found: list[Device] = []
    for model in device_models():
        found.extend(model.objects.filter(user=user).order_by("id"))
    return found


def is_forgettable(*, device: Device, policy: Policy) -> bool:
    """Whether the counter may drop it, so that the client enrols anew.

    Not the mobile that the agency wrote in the file, where the policy sends codes: without it the client could not
    come in at all, or whoever knows the password could name a phone of their own.
    """
    written_by_agency = isinstance(device, SmsDevice) and device.confirmed
    return not (written_by_agency and "sms" in policy.second_factor.methods)
