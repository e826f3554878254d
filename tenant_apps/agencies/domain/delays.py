"""What is too late, and when a client is reminded."""

from datetime import datetime, time, timedelta, tzinfo

# The day before, at an hour at which a telephone may ring; an hour before the appointment it would help nobody.
REMINDED_FROM, REMINDED_UNTIL = time(9), time(20)
_TOO_CLOSE = timedelta(hours=1)
_DAY = timedelta(days=1)


def is_late(*, starts_at: datetime, now: datetime, late_after: timedelta) -> bool:
    """Whether the agency learns of it too late to give the hour to somebody else."""
    return starts_at - now < late_after


def reminder_from(*, starts_at: datetime, zone: tzinfo) -> datetime:
    eve = starts_at.astimezone(zone).date() - _DAY
    return datetime.combine(eve, REMINDED_FROM, tzinfo=zone)


def is_reminder_due(*, starts_at: datetime, settled_at: datetime, now: datetime, zone: tzinfo) -> bool:
    """Not for what was booked or moved since: who has just been told needs no reminder."""
    opens = reminder_from(starts_at=starts_at, zone=zone)
    awake = REMINDED_FROM <= now.astimezone(zone).time() < REMINDED_UNTIL
    return awake and settled_at < opens <= now < starts_at - _TOO_CLOSE
