"""Somebody who is expected today, so that the counter has somebody to note, whatever the day and the hour."""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import timezone

from tenant_apps.agencies.book_appointment import book_appointment
from tenant_apps.agencies.calendar import calendar_of
from tenant_apps.agencies.models import Agency, Appointment
from tenant_apps.agencies.selectors import agencies_receiving
from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User


def load_expected(*, schema: str, now: datetime) -> None:
    """Nobody where the file names nobody, or where that client is expected today already."""
    path = Path(settings.FIXTURES) / "loans" / f"{schema}.toml"
    written = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if "expected_today" not in written:
        return
    client = Client.objects.get(number=written["expected_today"]["client"])
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
    day = Appointment.objects.filter(starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1))
    if not day.filter(client=client).exists():
        _expect(client, written["expected_today"]["kind"], midnight, now)


def _expect(client: Client, kind: str, midnight: datetime, now: datetime) -> None:
    """At the latest hour that is over, as if booked at midnight; outside of the hours, a little while ago."""
    agency = next(
        each for each in agencies_receiving() if any(purpose.kind == kind for purpose in each.purposes.all())
    )
    calendar = calendar_of(agency=agency, kind=kind, now=midnight, at_counter=True)
    lasts = agency.purposes.get(kind=kind).duration
    over = [
        each
        for each in calendar.free(first=calendar.today, last=calendar.today)
        if timedelta() <= now - each.starts_at - lasts < timedelta(hours=2)
    ]
    if not over:
        _out_of_hours(client, agency, kind, max(midnight, _quarter(now - lasts)), midnight)
        return
    starts_at = over[-1].starts_at
    teller = User.objects.filter(kind=User.Kind.STAFF).order_by("id").first()
    book_appointment(
        client=client,
        purpose=kind,
        agency=agency,
        starts_at=starts_at,
        form=uuid5(NAMESPACE_URL, f"{client.uuid}/{kind}/{starts_at.isoformat()}"),
        now=midnight,
        by=teller.uuid if teller else None,
    )


def _out_of_hours(
    client: Client, agency: Agency, kind: str, starts_at: datetime, booked_at: datetime
) -> None:
    """A demonstration begins on a Sunday too, when no calendar has an hour to give."""
    purpose = agency.purposes.get(kind=kind)
    Appointment.objects.create(
        client=client,
        agency=agency,
        resource=purpose.resources.all()[0],
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + purpose.duration,
        booked_at=booked_at,
        settled_at=booked_at,
    )


def _quarter(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
