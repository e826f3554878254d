"""The messages that did not get there: open ones, settled ones, one sent again, one settled."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenant_apps.desk.forms import ReasonForm
from tenant_apps.desk.presentation import message_lines
from tenant_apps.desk.reasons import TO_SETTLE
from tenant_apps.desk.views.checking import is_lost, sent_well, with_check
from tenant_apps.desk.wording import DONE
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.people import clients_of, names_of
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.selectors import undelivered_message, undelivered_page
from tenant_apps.messaging.send_again import NoSuchMessageError, send_again
from tenant_apps.messaging.settle_message import settle_message

A_PAGE = 25
# In the address of the list, for those that are settled.
SETTLED = "traites"


@never_cache
@require_safe
@staff_only
def messages(request: HttpRequest) -> HttpResponse:
    settled = request.GET.get("liste") == SETTLED
    page = undelivered_page(settled=settled, number=request.GET.get("page", "1"), size=A_PAGE)
    context = {
        "page": page,
        "query": f"liste={SETTLED}" if settled else "",
        "messages": message_lines(
            messages=page,
            now=timezone.now(),
            clients=clients_of(uuids={each.about for each in page if each.about}),
            staff=names_of(uuids={each.settled_by for each in page if each.settled_by}),
        ),
        "settled": settled,
        "tabs": _tabs(settled=settled),
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
    return _back("reparti" if leaves else "reste")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def settle(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    """Why nothing more is to be done about it."""
    message = undelivered_message(uuid=uuid)
    if message is None:
        raise Http404
    form = ReasonForm(answers, reasons=TO_SETTLE)
    if sent_well(request, form):
        return _settled(request, message, form)
    clients = clients_of(uuids={message.about} if message.about else set())
    (line,) = message_lines(messages=[message], now=timezone.now(), clients=clients)
    return render(request, "desk/settle.html", {"message": line, "form": form, "lost": is_lost(request)})


def _settled(request: HttpRequest, message: Message, form: ReasonForm) -> HttpResponse:
    was_open = settle_message(
        uuid=message.uuid, by=signed_in(request).uuid, reason=form.written_reason, now=timezone.now()
    )
    return _back("traite" if was_open else "deja-traite")


def _back(done: str) -> HttpResponse:
    return redirect(f"{reverse('desk_messages')}?fait={done}")


def _tabs(*, settled: bool) -> list[dict[str, object]]:
    address = reverse("desk_messages")
    return [
        {"label": _("À traiter"), "url": address, "is_current": not settled},
        {"label": _("Traités"), "url": f"{address}?liste={SETTLED}", "is_current": settled},
    ]
