"""Accounts that are closed by failed tries, as a rate over the whole caisse.

`most` closings at once fill a bucket, and so many in a window leave it again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tenant_apps.identity.domain.bucket import leaked


@dataclass(frozen=True, slots=True)
class Closings:
    """What the bucket holds, at which moment, and until when the alarm lasts."""

    level: int = 0
    at: datetime | None = None
    alarm_until: datetime | None = None


def count_closing(
    held: Closings, *, most: int, window: timedelta, pause: timedelta, now: datetime
) -> tuple[Closings, bool]:
    """The bucket with one closing more, and whether an alarm begins with it. One that lasts is drawn out."""
    level, since = leaked(held.level, held.at, one_leaves_in=window / most, now=now)
    level = min(level + 1, most)
    if level < most:
        return Closings(level, since, held.alarm_until), False
    lasts = held.alarm_until is not None and now < held.alarm_until
    return Closings(level, since, now + pause), not lasts
