"""A new secret that is refused because it says something of its owner: the refusal says it to whoever chose it.

Asked often enough, it gives a birth date or a name away to who has nothing but a link. Each is counted on what was
opened, and at the address; after a few the opening is closed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Case, F, QuerySet, Value, When

from tenant_apps.identity.counters import count_address_try
from tenant_apps.identity.models import AccessCode, Recovery
from tenant_apps.identity.sources import address_key
from tenants.policy.document import Policy

# A birth date is one of some 30 000 days, and nobody chooses their own name so often.
MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Neither closed nor braked: the refusal may be shown."""

    braked_for: timedelta | None = None
    closed: bool = False


def count_personal_refusal(
    *, opening: AccessCode | Recovery, policy: Policy, address: str, now: datetime
) -> Refused:
    """Counted before it is shown. Of many at once, no more than the most are answered."""
    at_address = count_address_try(key=address_key(address=address), policy=policy, now=now).at_address
    if not at_address.open:
        return Refused(braked_for=at_address.wait)
    last = When(personal_refusals__gte=MOST - 1, then=Value(now))
    counted = _row(opening).filter(used_at=None, expires_at__gt=now, personal_refusals__lt=MOST)
    may_show = counted.update(
        personal_refusals=F("personal_refusals") + 1, expires_at=Case(last, default=F("expires_at"))
    )
    return Refused(closed=not may_show)


def why_lapsed(opening: AccessCode | Recovery) -> Literal["personal", "expired"]:
    """For the journal."""
    return "personal" if opening.personal_refusals >= MOST else "expired"


def _row(opening: AccessCode | Recovery) -> "QuerySet[AccessCode] | QuerySet[Recovery]":
    if isinstance(opening, Recovery):
        return Recovery.objects.filter(pk=opening.pk)
    return AccessCode.objects.filter(pk=opening.pk)
