"""A bucket that leaks at a steady rate: what comes slowly never fills it, however long it lasts."""

from datetime import datetime, timedelta


def leaked(
    level: int, at: datetime | None, *, one_leaves_in: timedelta, now: datetime
) -> tuple[int, datetime]:
    """What is in it now, and since when the next one of it has been leaving."""
    gone = 0 if at is None else max((now - at) // one_leaves_in, 0)
    left = max(level - gone, 0)
    return left, now if at is None or left == 0 else at + gone * one_leaves_in
