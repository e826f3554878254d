"""Accounts that are closed by failed tries, as a rate over the whole caisse.

A bucket that leaks: `most` closings at once fill it, and so many in a window leave it again. A slow trickle never
fills it, however long it lasts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


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
    one_leaves_in = window / most
    left = 0 if held.at is None else max((now - held.at) // one_leaves_in, 0)
    level = max(held.level - left, 0)
    since = now if held.at is None or level == 0 else held.at + left * one_leaves_in
    level = min(level + 1, most)
    if level < most:
        return Closings(level, since, held.alarm_until), False
    lasts = held.alarm_until is not None and now < held.alarm_until
    return Closings(level, since, now + pause), not lasts
