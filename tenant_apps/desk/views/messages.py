"""The messages that did not get there."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tenant_apps.desk.presentation import message_lines
from tenant_apps.desk.wording import DONE
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.people import clients_of
from tenant_apps.messaging.selectors import undelivered_page
from tenant_apps.messaging.send_again import NoSuchMessageError, send_again

A_PAGE = 25


@never_cache
@require_safe
@staff_only
def messages(request: HttpRequest) -> HttpResponse:
    page = undelivered_page(number=request.GET.get("page", "1"), size=A_PAGE)
    clients = clients_of(uuids={each.about for each in page if each.about})
    context = {
        "page": page,
        "messages": message_lines(messages=page, now=timezone.now(), clients=clients),
        "done": DONE.get(request.GET.get("fait", "")),
    }
    return render(request, "desk/messages.html", context)


@never_cache
@require_POST
@staff_only
def again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Back to the first page: what leaves again is no longer on the one it was on."""
    try:
        leaves = send_again(uuid=uuid, by=signed_in(request).uuid, now=timezone.now())
    except NoSuchMessageError as error:
        raise Http404 from error
    return redirect(f"{reverse('desk_messages')}?fait={'reparti' if leaves else 'reste'}")
