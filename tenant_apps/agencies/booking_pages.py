"""The pages that lead to a booking, one question each: for the client, and for the agency on a client's behalf."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenant_apps.agencies.asked import Asked, written
from tenant_apps.agencies.calendar import Calendar, calendar_of
from tenant_apps.agencies.models import Agency
from tenant_apps.agencies.selectors import NoSuchAgencyError, agencies_receiving
from tenant_apps.agencies.subjects import Subject, subject_of
from tenant_apps.agencies.weeks import week_of
from tenant_apps.agencies.wording import PURPOSES, PURPOSES_EXPLAINED
from tenant_apps.clients.models import Client
from tenants.policy.document import Product

STEPS = (_("Motif"), _("Agence"), _("Horaire"), _("Vérification"))
_NUMBERS = {"purpose": 1, "subject": 1, "agency": 2, "slots": 3, "check": 4}


class NotTheirsError(LookupError):
    """What it is to be about is not this client's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Whose appointment, what was asked so far, and who asks."""

    client: Client
    asked: Asked
    products: tuple[Product, ...]
    now: datetime
    at_counter: bool = False

    @property
    def subject(self) -> Subject | None:
        return subject_of(kind=self.asked.kind, products=self.products) if self.asked.kind else None


def next_page(booking: Booking) -> dict[str, Any]:
    """The context of the first question that is not answered: `step` is `purpose`, `subject`, `agency` or `slots`.

    A bounded number of queries. Raises NoSuchAgencyError, NotTheirsError.
    """
    page = _question(booking)
    return {**page, "steps": STEPS, "current": _NUMBERS[page["step"]]}


def _question(booking: Booking) -> dict[str, Any]:
    agencies, asked = agencies_receiving(), booking.asked
    if not agencies:
        return {"step": "purpose", "purposes": []}
    serving = [each for each in agencies if _receives(each, asked.kind)]
    if not serving:
        return {"step": "purpose", "purposes": _purposes(agencies, asked)}
    about, chosen = about_of(booking), _chosen(serving, asked)
    if about is None and not asked.without and (page := _subject_page(booking)):
        return page
    common = {"purpose": PURPOSES[asked.kind], "about": about}
    if chosen is None:
        places = [(each, asked.with_(agency=each.uuid).query) for each in serving]
        return {"step": "agency", "agencies": places, **common}
    return {**slots_page(booking, chosen), "several": len(serving) > 1, **common}


def slots_page(booking: Booking, agency: Agency) -> dict[str, Any]:
    asked = booking.asked.with_(agency=agency.uuid)
    calendar = calendar_of(agency=agency, kind=asked.kind, now=booking.now, at_counter=booking.at_counter)
    return {"step": "slots", "agency": agency, **week_context(calendar, asked)}


def week_context(calendar: Calendar, asked: Asked) -> dict[str, Any]:
    """What the template of a week takes: each hour with what its address asks."""
    week = week_of(calendar=calendar, wanted=asked.week)
    bare = asked.with_(week=None, starts_at=None)
    return {
        "week": week,
        "days": [
            (day, [(slot, bare.with_(starts_at=slot).query) for slot in day.slots]) for day in week.days
        ],
        "query_before": bare.with_(week=week.before).query if week.before else "",
        "query_after": bare.with_(week=week.after).query if week.after else "",
        "query_next_free": bare.with_(week=timezone.localdate(week.next_free)).query
        if week.next_free
        else "",
        "query_agencies": bare.with_(agency=None).query,
    }


def check_page(booking: Booking) -> dict[str, Any] | None:
    """The answers, to check before they count; None when one is missing. Raises NoSuchAgencyError, NotTheirsError."""
    asked = booking.asked
    if not (asked.kind and asked.agency and asked.starts_at):
        return None
    serving = [each for each in agencies_receiving() if _receives(each, asked.kind)]
    return {
        "steps": STEPS,
        "current": _NUMBERS["check"],
        "purpose": PURPOSES[asked.kind],
        "about": about_of(booking),
        "has_subject": booking.subject is not None,
        "agency": _chosen(serving, asked),
        "asked": asked,
        "debut": written(asked.starts_at),
        "form_number": uuid4(),
        "query_subject": asked.with_(about=None, without=False, starts_at=None).query,
        "query_agency": asked.with_(agency=None, starts_at=None).query,
        "query_slot": asked.with_(starts_at=None, week=timezone.localdate(asked.starts_at)).query,
        "several": len(serving) > 1,
    }


def about_of(booking: Booking) -> str | None:
    """What the client calls it; None for nothing. Raises NotTheirsError."""
    about, subject = booking.asked.about, booking.subject
    if about is None:
        return None
    label = subject.for_client(booking.client, [about]).get(about) if subject else None
    if label is None:
        raise NotTheirsError
    return label


def _receives(agency: Agency, kind: str) -> bool:
    return any(each.kind == kind for each in agency.purposes.all())


def _chosen(serving: list[Agency], asked: Asked) -> Agency | None:
    """The one that was asked for, or the only one. Raises NoSuchAgencyError."""
    if asked.agency is None:
        return serving[0] if len(serving) == 1 else None
    found = next((each for each in serving if each.uuid == asked.agency), None)
    if found is None:
        raise NoSuchAgencyError
    return found


def _purposes(agencies: list[Agency], asked: Asked) -> list[dict[str, Any]]:
    offered = {purpose.kind for agency in agencies for purpose in agency.purposes.all()}
    return [
        {"label": label, "text": PURPOSES_EXPLAINED[kind], "query": asked.with_(kind=kind).query}
        for kind, label in PURPOSES.items()
        if kind in offered
    ]


def _subject_page(booking: Booking) -> dict[str, Any] | None:
    """None where there is nothing to choose from."""
    subject = booking.subject
    choices = subject.offered(booking.client) if subject else []
    if subject is None or not choices:
        return None
    return {
        "step": "subject",
        "purpose": PURPOSES[booking.asked.kind],
        "question": subject.question,
        "choices": [(each.label, booking.asked.with_(about=each.uuid).query) for each in choices],
        "query_without": booking.asked.with_(without=True).query,
    }
