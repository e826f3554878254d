"""The appointments of a day at an agency."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenant_apps.agencies.calendar import opening_of
from tenant_apps.agencies.cancel_appointment import cancel_by_agency
from tenant_apps.agencies.models import Agency, Appointment
from tenant_apps.agencies.note_presence import note_presence
from tenant_apps.agencies.presentation import shown_at_desk
from tenant_apps.agencies.products import with_appointments
from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenant_apps.agencies.selectors import (
    NoSuchAppointmentError,
    agencies_at_desk,
    appointment_at_desk,
    appointments_of_day,
)
from tenant_apps.desk.agenda import day_lines
from tenant_apps.desk.days import FIRST, LAST
from tenant_apps.desk.forms import CancelForm
from tenant_apps.desk.views.checking import is_lost, sent_well, with_check
from tenant_apps.desk.wording import DONE
from tenant_apps.identity.access import signed_in, staff_only
from tenants.policy.current import current_policy

_DAY = timedelta(days=1)
# What the two buttons post.
CAME = {"oui": True, "non": False}


@never_cache
@require_safe
@staff_only
@with_appointments
def day(request: HttpRequest) -> HttpResponse:
    """Who is expected. The agency and the day stand in the address: staff belong to none yet."""
    now = timezone.now()
    agencies = agencies_at_desk(now=now)
    agency = _chosen(agencies, request.GET.get("agence", ""))
    wanted = _day(request.GET.get("jour", ""))
    context: dict[str, Any] = {"agencies": agencies, "done": DONE.get(request.GET.get("fait", ""))}
    if agency is not None:
        zone = timezone.get_default_timezone()
        found = appointments_of_day(agency=agency, day=wanted, zone=zone)
        products = current_policy().products
        views = shown_at_desk(appointments=found, products=products, now=now)
        context |= {
            "agency": agency,
            "day": wanted,
            "lines": day_lines(
                views=views, opening=opening_of(agency=agency, first=wanted, last=wanted), now=now
            ),
            "tabs": [_tab(each, wanted, current=agency) for each in agencies],
            "query_before": _query(agency, wanted - _DAY),
            "query_after": _query(agency, wanted + _DAY),
            "query_today": _query(agency, timezone.localdate()),
            "is_today": wanted == timezone.localdate(),
        }
    return render(request, "desk/day.html", context)


@never_cache
@require_POST
@staff_only
@with_appointments
def presence(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The client came, or did not."""
    appointment, said = appointment_or_404(uuid), request.POST.get("venu", "")
    if said not in CAME:
        return redirect("desk_day")
    came = CAME[said]
    try:
        note_presence(uuid=uuid, came=came, by=signed_in(request).uuid, now=timezone.now())
    except AppointmentRefusedError:
        return back_to_day(appointment, done="rdv-refus")
    return back_to_day(appointment, done="venu" if came else "pas-venu")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_appointments
@with_check
def cancel(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    """With a reason, which the client is told."""
    appointment = appointment_or_404(uuid)
    form = CancelForm(answers)
    if sent_well(request, form):
        return back_to_day(appointment, done=_cancelled(request, appointment, form))
    now, products = timezone.now(), current_policy().products
    (view,) = shown_at_desk(appointments=[appointment], products=products, now=now)
    context = {
        "appointment": view,
        "form": form,
        "query": day_query(appointment),
        "lost": is_lost(request),
    }
    return render(request, "desk/appointment_cancel.html", context)


def appointment_or_404(uuid: UUID) -> Appointment:
    try:
        return appointment_at_desk(uuid=uuid)
    except NoSuchAppointmentError as error:
        raise Http404 from error


def day_query(appointment: Appointment) -> str:
    return _query(appointment.agency, timezone.localdate(appointment.starts_at))


def back_to_day(appointment: Appointment, *, done: str) -> HttpResponse:
    """`done`: a code of `wording.DONE`."""
    return redirect(f"{reverse('desk_day')}?{day_query(appointment)}&fait={done}")


def _cancelled(request: HttpRequest, appointment: Appointment, form: CancelForm) -> str:
    try:
        done = cancel_by_agency(
            uuid=appointment.uuid,
            reason=form.cleaned_data["reason"],
            words=form.cleaned_data["note"],
            by=signed_in(request).uuid,
            now=timezone.now(),
        )
    except AppointmentRefusedError:
        return "rdv-refus"
    if not done:
        return "rdv-deja"
    client = appointment.client
    return "rdv-annule" if client.email or client.mobile else "rdv-annule-muet"


def _chosen(agencies: list[Agency], wanted: str) -> Agency | None:
    """The first one without a choice; None where the caisse has none."""
    if not wanted:
        return agencies[0] if agencies else None
    found = next((each for each in agencies if str(each.uuid) == wanted), None)
    if found is None:
        raise Http404
    return found


def _day(wanted: str) -> date:
    """Today, unless the address has a day that can be."""
    try:
        return min(max(date.fromisoformat(wanted), FIRST), LAST)
    except ValueError:
        return timezone.localdate()


def _query(agency: Agency, day: date) -> str:
    return urlencode({"agence": agency.uuid, "jour": day})


def _tab(agency: Agency, day: date, *, current: Agency) -> dict[str, Any]:
    return {"label": agency.name, "url": f"?{_query(agency, day)}", "is_current": agency == current}
