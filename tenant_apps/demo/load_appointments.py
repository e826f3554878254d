"""Book the appointments of the invented people."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from tenant_apps.agencies.book_appointment import book_appointment
from tenant_apps.agencies.calendar import calendar_of
from tenant_apps.agencies.selectors import agencies_receiving, appointments_ahead
from tenant_apps.clients.models import Client
from tenant_apps.demo.people import Person


def load_appointments(*, person: Person, now: datetime) -> None:
    """For who has none to come: a demo that is started each week always has some."""
    client = Client.objects.get(number=person.number)
    if appointments_ahead(client=client, now=now):
        return
    for entry in person.appointments:
        _book(client, kind=entry["kind"], in_days=entry["in_days"], now=now)


def _book(client: Client, *, kind: str, in_days: int, now: datetime) -> None:
    agency = next(
        each for each in agencies_receiving() if any(purpose.kind == kind for purpose in each.purposes.all())
    )
    calendar = calendar_of(agency=agency, kind=kind, now=now)
    free = calendar.free(first=calendar.today + timedelta(days=in_days), last=calendar.last_day)
    if free:
        book_appointment(
            client=client,
            purpose=kind,
            agency=agency,
            starts_at=free[0].starts_at,
            form=uuid5(NAMESPACE_URL, f"{client.uuid}/{kind}/{free[0].starts_at.isoformat()}"),
            now=now,
        )
