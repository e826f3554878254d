"""The appointments of a client, and one of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.web.own_address import own_address
from tenant_apps.agencies.ics import Entry, calendar_file
from tenant_apps.agencies.limits import why_not_book
from tenant_apps.agencies.models import Appointment
from tenant_apps.agencies.presentation import AppointmentView, shown_to_client
from tenant_apps.agencies.products import with_appointments
from tenant_apps.agencies.selectors import (
    NoSuchAppointmentError,
    agencies_receiving,
    appointment_of,
    appointment_rules,
    appointments_of,
    next_appointment_of,
    things_to_bring,
)
from tenant_apps.agencies.wording import DONE, PURPOSES, REFUSED, refusal_in_words
from tenant_apps.clients.models import Client
from tenant_apps.identity.access import clients_only, signed_in_client
from tenants.policy.current import current_policy


@never_cache
@require_safe
@clients_only
@with_appointments
def appointments(request: HttpRequest) -> HttpResponse:
    """The next one first; then what is over."""
    client, now = signed_in_client(request), timezone.now()
    ahead, over = appointments_of(client=client, now=now)
    products = current_policy().products
    views = shown_to_client(appointments=[*ahead, *over], client=client, products=products, now=now)
    limit = why_not_book(client=client, now=now)
    context = {
        "ahead": views[: len(ahead)],
        "over": views[len(ahead) :],
        "can_book": bool(agencies_receiving()),
        "limit": REFUSED[limit] if limit else None,
        "refused": refusal_in_words(request.GET.get("refus", "")),
    }
    return render(request, "agencies/appointments.html", context)


@never_cache
@require_safe
@clients_only
@with_appointments
def appointment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of them: where, when, what to bring, and what can be done with it."""
    view = own_appointment(request, uuid)
    context = {
        "appointment": view,
        "bring": things_to_bring(appointment=view.appointment, language=get_language() or "fr"),
        "done": DONE.get(request.GET.get("fait", "")),
        "refused": refusal_in_words(request.GET.get("refus", "")),
    }
    return render(request, "agencies/appointment.html", context)


@never_cache
@require_safe
@clients_only
@with_appointments
def calendar_entry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The file that puts it into a calendar."""
    found = own_appointment(request, uuid).appointment
    response = HttpResponse(calendar_file(entry=_entry(found)), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return response


def own_appointment(request: HttpRequest, uuid: UUID) -> AppointmentView:
    client, now = signed_in_client(request), timezone.now()
    try:
        found = appointment_of(client=client, uuid=uuid)
    except NoSuchAppointmentError as error:
        raise Http404 from error
    products, rules = current_policy().products, appointment_rules()
    (view,) = shown_to_client(appointments=[found], client=client, products=products, now=now, rules=rules)
    return view


def home_card(client: Client, now: datetime) -> dict[str, Any]:
    """What the home page's card shows."""
    found = next_appointment_of(client=client, now=now)
    return {"next": AppointmentView(found, "", now) if found else None}


def _entry(found: Appointment) -> Entry:
    policy, agency = current_policy(), found.agency
    bring = things_to_bring(appointment=found, language=get_language() or "fr")
    text = [str(PURPOSES[found.kind])]
    to_bring = gettext("Apportez :")
    text += [f"{to_bring} {', '.join(bring)}"] if bring else []
    return Entry(
        uid=f"{found.uuid}@{policy.caisse.domains[0]}",
        sequence=found.moves + (found.state == Appointment.State.CANCELLED),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        changed_at=found.cancelled_at or found.settled_at,
        title=gettext("Rendez-vous : %(caisse)s") % {"caisse": policy.caisse.name},
        text="\n".join(text),
        place=", ".join([agency.name, *agency.address.splitlines()]),
        url=own_address(reverse("appointment", args=[found.uuid])),
        is_cancelled=found.state == Appointment.State.CANCELLED,
    )
