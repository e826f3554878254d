"""Book an appointment: one question a page, then everything to check."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tenant_apps.agencies.asked import Asked, asked_in
from tenant_apps.agencies.book_appointment import book_appointment
from tenant_apps.agencies.booking_pages import Booking, NotTheirsError, check_page, next_page
from tenant_apps.agencies.forms import BookingForm
from tenant_apps.agencies.limits import why_not_book
from tenant_apps.agencies.products import with_appointments
from tenant_apps.agencies.refusals import AppointmentRefusedError, Why
from tenant_apps.agencies.selectors import NoSuchAgencyError, agency_of
from tenant_apps.agencies.wording import refusal_in_words
from tenant_apps.identity.access import clients_only, signed_in_client
from tenants.policy.current import current_policy

# What another hour mends; the rest begins with the list.
MENDED_BY_ANOTHER_HOUR: tuple[Why, ...] = ("taken", "overlap")


@never_cache
@require_safe
@clients_only
@with_appointments
def book(request: HttpRequest) -> HttpResponse:
    """The first question that the address does not answer; none where the answers would serve nothing."""
    booking = _booking(request, asked_in(request.GET))
    if limit := why_not_book(client=booking.client, now=booking.now):
        return redirect(f"{reverse('appointments')}?refus={limit}")
    try:
        page = next_page(booking)
    except (NoSuchAgencyError, NotTheirsError) as error:
        raise Http404 from error
    refused = refusal_in_words(request.GET.get("refus", ""))
    return render(request, f"agencies/choose_{page['step']}.html", {**page, "refused": refused})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@clients_only
@with_appointments
def check(request: HttpRequest) -> HttpResponse:
    """Everything that was answered, to check; posted, it is booked."""
    if request.method == "POST":
        return _book(request)
    try:
        page = check_page(_booking(request, asked_in(request.GET)))
    except (NoSuchAgencyError, NotTheirsError) as error:
        raise Http404 from error
    if page is None:
        return redirect("../")
    return render(request, "agencies/check.html", page)


def _book(request: HttpRequest) -> HttpResponse:
    form = BookingForm(request.POST)
    if not form.is_valid():
        return redirect("../")
    told = form.cleaned_data
    try:
        booked = book_appointment(
            client=signed_in_client(request),
            purpose=told["motif"],
            agency=agency_of(uuid=told["agence"]),
            starts_at=told["debut"],
            about=told["objet"],
            form=told["form"],
            now=timezone.now(),
        )
    except NoSuchAgencyError as error:
        raise Http404 from error
    except AppointmentRefusedError as refused:
        return _refused(asked_in(request.POST), refused.why)
    return redirect(f"{reverse('appointment', args=[booked.uuid])}?fait=pris")


def _refused(asked: Asked, why: Why) -> HttpResponse:
    if why in MENDED_BY_ANOTHER_HOUR and asked.starts_at:
        again = asked.with_(
            starts_at=None, week=timezone.localdate(asked.starts_at), without=asked.about is None
        )
        return redirect(f"{reverse('appointment_book')}?{again.query}&refus={why}")
    return redirect(f"{reverse('appointments')}?refus={why}")


def _booking(request: HttpRequest, asked: Asked) -> Booking:
    return Booking(
        client=signed_in_client(request),
        asked=asked,
        products=current_policy().products,
        now=timezone.now(),
    )
