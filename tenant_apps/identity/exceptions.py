"""Ways in that the agency has opened to one person for some days: which live, and which may be granted."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Q

from tenant_apps.identity.models import User, WayException
from tenants.policy.document import Policy

Way = WayException.Way
# A device that an exception has brought, and that goes with it.
BY_EXCEPTION = "exception"
# No row has this key: what is asked about nobody costs what is asked about somebody.
_NOBODY = 0


def live_ways(*, user: User | None, now: datetime) -> Mapping[str, bool]:
    """The ways that somebody of the caisse has by exception now, and whether this person is one of them. One query.

    A blind second step must do the same for everybody: it looks at all of these ways, whoever has come.
    """
    own = Count("id", filter=Q(user_id=user.pk if user else _NOBODY))
    live = WayException.objects.filter(ends_at__gt=now).values("way").order_by("way").annotate(own=own)
    return {each["way"]: each["own"] > 0 for each in live}


def exceptions_of(*, user: User, now: datetime) -> list[WayException]:
    """Those that live."""
    return list(WayException.objects.filter(user=user, ends_at__gt=now).order_by("ends_at"))


def grantable_ways(*, user: User, policy: Policy, has_device: bool) -> list[WayException.Way]:
    """What the agency may open to this person. `has_device`: a second step can be passed as the policy wants it."""
    client = user.client
    if client is None or not user.is_active:
        return []
    if not user.is_activated:
        by_letter = bool(client.postal_address) and "letter_code" not in policy.activation.sends
        return [Way.LETTER] if by_letter else []
    found = [way for way in _factors(policy) if way.value not in policy.second_factor.methods]
    # An application or a PIN is enrolled at the next sign-in, which asks for it of who has nothing else.
    return [way for way in found if (client.mobile if way == Way.SMS else not has_device)]


def _factors(policy: Policy) -> list[WayException.Way]:
    rules = policy.second_factor
    if not rules.required:
        return []
    # Blind, one page takes any code, and the keypad is another page (see the check « blind-possible »).
    if rules.blind:
        return [] if "pin" in rules.methods else [Way.SMS, Way.TOTP]
    pin = [] if policy.secret.kind == "pin" else [Way.PIN]
    return [Way.SMS, Way.TOTP, *pin]


def has_letter_exception(*, user: User, now: datetime) -> bool:
    return WayException.objects.filter(user=user, way=Way.LETTER, ends_at__gt=now).exists()
