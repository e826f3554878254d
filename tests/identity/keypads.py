"""What a finger does on a scrambled keypad, and what an application shows."""

from typing import Any

from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.enrol import enrol_known_totp
from tenant_apps.identity.keypads import Keypad
from tenant_apps.identity.models import User
from tenant_apps.identity.pin_hashes import hash_pin
from tenant_apps.identity.totp import code_at, step_of
from tenants.models import Caisse

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# What a caisse signs that asks for a PIN and nothing else.
PIN_ALONE = {
    "acceptances": [
        {"rule": "pin-alone", "signed_by": "Direction", "on": "2026-10-01", "reason": "pour un test"}
    ]
}
PIN, WRONG_PIN = "481516", "962372"


def drawn(page: Any, name: str) -> Keypad:
    """The display that stands on the page."""
    keypad: Keypad = page.context["keypads"][name]
    return keypad


def pressed(keypad: Keypad, pin: str, *, prefix: str = "") -> dict[str, str]:
    """The fields that the form posts."""
    place = {key.digit: key.position for row in keypad.rows for key in row}
    positions = ",".join(str(place[digit]) for digit in pin)
    return {f"{prefix}draw": keypad.token, f"{prefix}positions": positions}


def application_shows(*, later: int = 0, key: str = KEY) -> str:
    """The code of now, or of so many steps later."""
    return code_at(key, step_of(timezone.now()) + later)


def with_application(caisse: Caisse, user: User) -> None:
    with tenant_context(caisse):
        enrol_known_totp(user=user, key=KEY, now=timezone.now())


def with_pin(caisse: Caisse, user: User, pin: str = PIN) -> None:
    """As the secret."""
    with tenant_context(caisse):
        User.objects.filter(pk=user.pk).update(password=hash_pin(pin))
