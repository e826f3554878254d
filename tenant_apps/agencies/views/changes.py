"""Move or cancel an appointment, each with a confirmation."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tenant_apps.agencies.asked import Asked, asked_in, written
from tenant_apps.agencies.booking_pages import week_context
from tenant_apps.agencies.calendar import calendar_of
from tenant_apps.agencies.cancel_appointment import cancel_by_client
from tenant_apps.agencies.forms import MoveForm
from tenant_apps.agencies.move_appointment import move_appointment
from tenant_apps.agencies.products import with_appointments
from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenant_apps.agencies.selectors import NoSuchAgencyError, NoSuchAppointmentError
from tenant_apps.agencies.views.appointments import own_appointment
from tenant_apps.agencies.views.booking import MENDED_BY_ANOTHER_HOUR
from tenant_apps.agencies.wording import refusal_in_words
from tenant_apps.identity.access import clients_only, signed_in_client


@never_cache
@require_safe
@clients_only
@with_appointments
def move(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The hours that it can be moved to."""
    view, asked = own_appointment(request, uuid), asked_in(request.GET)
    context = {
        "appointment": view,
        "agency": view.appointment.agency,
        "refused": refusal_in_words(request.GET.get("refus", "")),
    }
    if view.may_change:
        try:
            calendar = calendar_of(
                agency=view.appointment.agency, kind=view.appointment.kind, now=timezone.now()
            )
        except NoSuchAgencyError:
            # It does not receive for that purpose any more: its file has changed since.
            return render(request, "agencies/move.html", context)
        context |= week_context(calendar, Asked(week=asked.week))
    return render(request, "agencies/move.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@clients_only
@with_appointments
def check_move(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The old hour and the new one; posted, it is moved."""
    view, asked = own_appointment(request, uuid), asked_in(request.GET)
    if request.method == "POST":
        return _move(request, uuid)
    if asked.starts_at is None:
        return redirect("../")
    context = {
        "appointment": view,
        "asked": asked,
        "debut": written(asked.starts_at),
        "form_number": uuid4(),
        "query_slot": Asked(week=timezone.localdate(asked.starts_at)).query,
    }
    return render(request, "agencies/check_move.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@clients_only
@with_appointments
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What it means, and one button."""
    if request.method != "POST":
        return render(request, "agencies/cancel.html", {"appointment": own_appointment(request, uuid)})
    try:
        cancel_by_client(client=signed_in_client(request), uuid=uuid, now=timezone.now())
    except NoSuchAppointmentError as error:
        raise Http404 from error
    except AppointmentRefusedError as refused:
        return redirect(f"../?refus={refused.why}")
    return redirect("../?fait=annule")


def _move(request: HttpRequest, uuid: UUID) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid():
        return redirect("../")
    told = form.cleaned_data
    try:
        move_appointment(
            client=signed_in_client(request),
            uuid=uuid,
            starts_at=told["debut"],
            form=told["form"],
            now=timezone.now(),
        )
    except (NoSuchAppointmentError, NoSuchAgencyError) as error:
        raise Http404 from error
    except AppointmentRefusedError as refused:
        if refused.why in MENDED_BY_ANOTHER_HOUR:
            return redirect(f"../?{Asked(week=timezone.localdate(told['debut'])).query}&refus={refused.why}")
        return redirect(f"../../?refus={refused.why}")
    return redirect("../../?fait=deplace")
