"""Book an appointment for a client, from their file; move one."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tenant_apps.agencies.asked import Asked, asked_in, written
from tenant_apps.agencies.book_appointment import book_appointment
from tenant_apps.agencies.booking_pages import Booking, NotTheirsError, check_page, next_page, week_context
from tenant_apps.agencies.calendar import calendar_of
from tenant_apps.agencies.forms import BookingForm, MoveForm
from tenant_apps.agencies.models import Appointment
from tenant_apps.agencies.move_appointment import move_appointment
from tenant_apps.agencies.presentation import shown_at_desk
from tenant_apps.agencies.products import with_appointments
from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenant_apps.agencies.selectors import NoSuchAgencyError, NoSuchAppointmentError, agency_of
from tenant_apps.clients.models import Client
from tenant_apps.desk.selectors import NoSuchClientError, file_of
from tenant_apps.desk.views.appointments import appointment_or_404, back_to_day, day_query
from tenant_apps.desk.wording import APPOINTMENT_REFUSED
from tenant_apps.identity.access import signed_in, staff_only
from tenants.policy.current import current_policy


@never_cache
@require_safe
@staff_only
@with_appointments
def book(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The first question that the address does not answer, as the client would be asked."""
    client = _client_or_404(uuid)
    try:
        page = next_page(_booking(client, asked_in(request.GET)))
    except (NoSuchAgencyError, NotTheirsError) as error:
        raise Http404 from error
    refused = APPOINTMENT_REFUSED.get(request.GET.get("refus", ""))
    return render(request, "desk/appointment_choose.html", {**page, "client": client, "refused": refused})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_appointments
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was chosen, to read out to the client; posted, it is booked."""
    client = _client_or_404(uuid)
    if request.method == "POST":
        return _book(request, client)
    try:
        page = check_page(_booking(client, asked_in(request.GET)))
    except (NoSuchAgencyError, NotTheirsError) as error:
        raise Http404 from error
    if page is None:
        return redirect("../")
    return render(request, "desk/appointment_check.html", {**page, "client": client})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_appointments
def move(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The hours that it can be moved to, then the one that was chosen; posted, it is moved."""
    appointment, now = appointment_or_404(uuid), timezone.now()
    if request.method == "POST":
        return _move(request, appointment)
    (view,) = shown_at_desk(appointments=[appointment], products=current_policy().products, now=now)
    asked = asked_in(request.GET)
    context = {
        "appointment": view,
        "query": day_query(appointment),
        "refused": APPOINTMENT_REFUSED.get(request.GET.get("refus", "")),
        "can_move": appointment.state == Appointment.State.BOOKED and appointment.starts_at > now,
    }
    if asked.starts_at is not None:
        context |= {"asked": asked, "debut": written(asked.starts_at), "form_number": uuid4()}
        return render(request, "desk/appointment_move.html", context)
    try:
        calendar = calendar_of(agency=appointment.agency, kind=appointment.kind, now=now, at_counter=True)
    except NoSuchAgencyError:
        return render(request, "desk/appointment_move.html", {**context, "can_move": False})
    return render(
        request, "desk/appointment_move.html", {**context, **week_context(calendar, Asked(week=asked.week))}
    )


def _book(request: HttpRequest, client: Client) -> HttpResponse:
    form = BookingForm(request.POST)
    if not form.is_valid():
        return redirect("../")
    told = form.cleaned_data
    try:
        book_appointment(
            client=client,
            purpose=told["motif"],
            agency=agency_of(uuid=told["agence"]),
            starts_at=told["debut"],
            about=told["objet"],
            form=told["form"],
            now=timezone.now(),
            by=signed_in(request).uuid,
        )
    except NoSuchAgencyError as error:
        raise Http404 from error
    except AppointmentRefusedError as refused:
        week = timezone.localdate(told["debut"])
        again = asked_in(request.POST).with_(starts_at=None, week=week, without=told["objet"] is None)
        return redirect(f"../?{again.query}&refus={refused.why}")
    return redirect(f"{reverse('desk_client', args=[client.uuid])}?fait=rdv-pris")


def _move(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid():
        return redirect("./")
    told = form.cleaned_data
    try:
        moved = move_appointment(
            client=appointment.client,
            uuid=appointment.uuid,
            starts_at=told["debut"],
            form=told["form"],
            now=timezone.now(),
            by=signed_in(request).uuid,
        )
    except (NoSuchAppointmentError, NoSuchAgencyError) as error:
        raise Http404 from error
    except AppointmentRefusedError as refused:
        week = timezone.localdate(told["debut"])
        return redirect(f"./?{Asked(week=week).query}&refus={refused.why}")
    return back_to_day(moved, done="rdv-deplace")


def _booking(client: Client, asked: Asked) -> Booking:
    return Booking(
        client=client,
        asked=asked,
        products=current_policy().products,
        now=timezone.now(),
        at_counter=True,
    )


def _client_or_404(uuid: UUID) -> Client:
    try:
        return file_of(uuid=uuid)[0]
    except NoSuchClientError as error:
        raise Http404 from error
