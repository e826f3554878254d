"""An appointment as a calendar keeps it (RFC 5545)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event

# The product that made it, as the standard wants (3.7.3).
_MADE_BY = "-//Guichet//Rendez-vous//FR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`uid` never changes, and `sequence` grows with each move: the calendar replaces what it has."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    title: str
    text: str
    place: str
    url: str
    is_cancelled: bool


def calendar_file(*, entry: Entry) -> bytes:
    """Moments in UTC: each calendar shows them in the hour of its owner."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("description", entry.text)
    event.add("location", entry.place)
    event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", _MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
