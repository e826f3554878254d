"""What a client is told of an appointment: by mail, or by SMS to who has no address."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from tenant_apps.agencies.journalling import known_as
from tenant_apps.agencies.models import Appointment
from tenant_apps.agencies.selectors import things_to_bring
from tenant_apps.agencies.subjects import subject_of
from tenant_apps.agencies.wording import PURPOSES, reason_for_client
from tenant_apps.identity.way_in import way_in
from tenant_apps.messaging.queue_message import queue_message
from tenants.policy.current import current_policy


def tell_of_booking(*, appointment: Appointment, now: datetime) -> None:
    client, told = appointment.client, _told(appointment, now)
    if client.email:
        queue_message(
            kind="appointment_booked", channel="mail", to=client.email, otherwise=client.mobile, **told
        )
    elif client.mobile:
        queue_message(kind="appointment_booked", channel="sms", to=client.mobile, **told)


def tell_of_move(*, appointment: Appointment, before: datetime, now: datetime) -> None:
    client, told = appointment.client, _told(appointment, now, before=before)
    if client.email:
        queue_message(
            kind="appointment_moved", channel="mail", to=client.email, otherwise=client.mobile, **told
        )
    elif client.mobile:
        queue_message(kind="appointment_moved", channel="sms", to=client.mobile, **told)


def tell_of_cancellation(*, appointment: Appointment, now: datetime) -> None:
    """By the agency: who cancels it themselves has just read so."""
    client = appointment.client
    with override(client.language):
        reason = reason_for_client(appointment=appointment)
    told = _told(appointment, now, reason=reason)
    if client.email:
        queue_message(
            kind="appointment_cancelled", channel="mail", to=client.email, otherwise=client.mobile, **told
        )
    elif client.mobile:
        queue_message(kind="appointment_cancelled", channel="sms", to=client.mobile, **told)


def tell_of_the_eve(*, appointment: Appointment, now: datetime) -> bool:
    """The reminder; whether there is a way to the client. Worth nothing once the hour has come."""
    client, told = appointment.client, _told(appointment, now)
    told["lifetime"] = appointment.starts_at - now
    if client.email:
        queue_message(
            kind="appointment_reminder", channel="mail", to=client.email, otherwise=client.mobile, **told
        )
    elif client.mobile:
        queue_message(kind="appointment_reminder", channel="sms", to=client.mobile, **told)
    return bool(client.email or client.mobile)


def _thing(appointment: Appointment) -> str:
    """What it is about, as its client calls it; empty where nothing was chosen, or it is gone."""
    subject = subject_of(kind=appointment.kind, products=current_policy().products)
    if subject is None or appointment.about is None:
        return ""
    return subject.for_client(appointment.client, [appointment.about]).get(appointment.about, "")


def _told(appointment: Appointment, now: datetime, **more: Any) -> dict[str, Any]:
    client = appointment.client
    with override(client.language):
        context = {
            "name": client.greeting_name,
            "at": appointment.starts_at,
            "purpose": str(PURPOSES[appointment.kind]),
            "thing": _thing(appointment),
            "agency": appointment.agency,
            "bring": things_to_bring(appointment=appointment, language=client.language),
            **way_in(client=client.uuid, page=reverse("appointment", args=[appointment.uuid])).context,
            **more,
        }
    return {
        "about": known_as(client),
        "language": client.language,
        "context": context,
        "now": now,
        "secret": False,
    }
