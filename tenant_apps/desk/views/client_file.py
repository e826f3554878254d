"""A client's file, as the counter sees it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.kernel.masking import masked
from tenant_apps.agencies.presentation import AppointmentView, shown_at_desk
from tenant_apps.agencies.products import PRODUCT
from tenant_apps.agencies.selectors import appointments_ahead
from tenant_apps.clients.models import Client
from tenant_apps.desk.access_form import opens_at_once
from tenant_apps.desk.exceptions import exception_lines
from tenant_apps.desk.journal_wording import READINGS
from tenant_apps.desk.presentation import (
    EventLine,
    device_line,
    event_line,
    message_lines,
    staff_of,
    state_of,
)
from tenant_apps.desk.selectors import NoSuchClientError, file_of
from tenant_apps.desk.wording import DONE
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.activation_registry import activation
from tenant_apps.identity.devices import all_devices_of
from tenant_apps.identity.exceptions import exceptions_of, grantable_ways
from tenant_apps.identity.factors import method_of
from tenant_apps.identity.models import User
from tenant_apps.identity.people import masked_identifier, names_of
from tenant_apps.identity.standing import standing_of
from tenant_apps.identity.standing_lines import lines_of
from tenant_apps.journal.record import record
from tenant_apps.journal.selectors import first_seen, latest_events_of
from tenant_apps.messaging.selectors import doubtful_addresses, troubled_messages_about
from tenants.policy.current import current_policy

OPENED = "desk.file_opened"
EVENTS_SHOWN, MESSAGES_SHOWN = 20, 10


@never_cache
@require_safe
@staff_only
def client_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who the client is and how the way in stands. That it was looked at is journalled."""
    now = timezone.now()
    try:
        client, user = file_of(uuid=uuid)
    except NoSuchClientError as error:
        raise Http404 from error
    record(
        kind=OPENED,
        at=now,
        subject=str(user.uuid if user else client.uuid),
        by=str(signed_in(request).uuid),
    )
    context = {
        "client": client,
        "masked_mobile": masked(client.mobile),
        "masked_email": masked(client.email),
        "done": DONE.get(request.GET.get("fait", "")),
        "opens_at_once": opens_at_once(current_policy()),
        "appointments": _expected(client, now=now),
        "events": _events(client, user),
        **({**_way_in(user, now=now), **_doubts(client, user)} if user else {}),
    }
    return render(request, "desk/client.html", context)


def _expected(client: Client, *, now: datetime) -> list[AppointmentView]:
    """Where the caisse takes appointments."""
    products = current_policy().products
    if PRODUCT not in products:
        return []
    ahead = appointments_ahead(client=client, now=now)
    return shown_at_desk(appointments=ahead, products=products, now=now)


def _way_in(user: User, *, now: datetime) -> dict[str, Any]:
    policy, standing = current_policy(), standing_of(user=user, now=now)
    owned = all_devices_of(user=user)
    devices = [device_line(device=each, policy=policy) for each in owned]
    has_device = any(each.confirmed and method_of(each) in policy.second_factor.methods for each in owned)
    messages = troubled_messages_about(about=user.uuid, limit=MESSAGES_SHOWN)
    return {
        "has_access": True,
        "masked_identifier": masked_identifier(user=user),
        "standing": standing,
        "state": state_of(standing=standing),
        "devices": devices,
        "can_forget": any(each.forgettable for each in devices),
        "lines": lines_of(user=user, now=now),
        "exceptions": exception_lines(exceptions_of(user=user, now=now)),
        "can_except": bool(grantable_ways(user=user, policy=policy, has_device=has_device)),
        "can_force": user.is_active and user.is_activated,
        "can_activate": not standing.activated and activation() is not None,
        "last_sign_in": user.last_login,
        "messages": message_lines(messages=messages, now=now),
    }


def _doubts(client: Client, user: User) -> dict[str, bool]:
    """What is on file and brought a message to nobody, the last time."""
    doubtful = doubtful_addresses(about=user.uuid, addresses=(client.mobile, client.email))
    return {"mobile_in_doubt": client.mobile in doubtful, "email_in_doubt": client.email in doubtful}


def _events(client: Client, user: User | None) -> list[EventLine]:
    """Of the file, and of the way in that it has; without what the agency opened to read, which would push out all
    that the counter looks for.
    """
    subjects = [str(client.uuid), *([str(user.uuid)] if user else [])]
    events = latest_events_of(subjects=subjects, limit=EVENTS_SHOWN, without=READINGS)
    addresses = {each.address for each in events if each.address}
    first = first_seen(subject=subjects[-1], kind="sign_in.done", addresses=addresses)
    staff = names_of(uuids={by for each in events if (by := staff_of(event=each))})
    return [event_line(event=each, first_sign_ins=first, staff=staff) for each in events]
