"""The demo's mailbox: every message that the caisse of this host sent."""

from uuid import UUID

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.tenancy.connection import connection
from tenant_apps.demo.models import MailboxMessage
from tenant_apps.demo.people import demo_people
from tenant_apps.demo.selectors import latest_messages, message_attachment, message_html, message_letter
from tenant_apps.demo.send_back import send_back
from tenant_apps.identity.totp import code_at, step_of
from tenant_apps.messaging.letter_pdf import PDF_VIEWER, letters_pdf
from tenant_apps.messaging.mail_pictures import with_pictures_inside
from tenant_apps.messaging.send_again import NoSuchMessageError

SENT_BACK = "revenu"
LABELS = {"mail": _("E-mail"), "sms": _("SMS"), "letter": _("Lettre")}


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    messages = [_shown(each) for each in latest_messages()]
    context = {
        "messages": messages,
        "applications": _applications(),
        "sent_back": request.GET.get("fait") == SENT_BACK,
    }
    return render(request, "demo/mailbox.html", context)


@never_cache
@require_safe
def mailbox_json(request: HttpRequest) -> JsonResponse:
    """`{"messages": […], "applications": […]}`: of each message `{"uuid", "kind", "channel", "to", "subject", "text",
    "sent_at", "attachments"}`, the last being names of files.

    The newest message first; of each application `{"name", "identifier", "code"}`, as it shows it now.
    """
    fields = ("kind", "channel", "to", "subject", "text")
    rows = [
        {
            "uuid": str(each.uuid),
            "sent_at": each.sent_at.isoformat(),
            **{name: getattr(each, name) for name in fields},
            "attachments": [piece.name for piece in each.attachments.all()],
        }
        for each in latest_messages()
    ]
    return JsonResponse({"messages": rows, "applications": _applications()})


@never_cache
@require_safe
@csp_replace({"style-src": [UNSAFE_INLINE], "script-src": [NONE], "img-src": ["data:"]})  # type: ignore[arg-type]  # its stub knows views without arguments only
def mail_html(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A mail as a mail program shows it: its own styles and pictures, and nothing else, are let through."""
    html = message_html(uuid=uuid)
    if html is None:
        raise Http404
    return HttpResponse(with_pictures_inside(html))


@never_cache
@require_POST
def come_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What a mail server or an SMS provider would tell: nobody is there. The agency sees it."""
    try:
        send_back(uuid=uuid, now=timezone.now())
    except NoSuchMessageError as error:
        raise Http404 from error
    return redirect(f"{reverse('mailbox')}?fait={SENT_BACK}")


@never_cache
@require_safe
@csp_replace(PDF_VIEWER)  # type: ignore[arg-type]  # as above
def letter_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A letter as the agency prints it."""
    letter = message_letter(uuid=uuid)
    if letter is None:
        raise Http404
    return HttpResponse(letters_pdf([letter], title=str(LABELS["letter"])), content_type="application/pdf")


@never_cache
@require_safe
@csp_replace(PDF_VIEWER)  # type: ignore[arg-type]  # as above
def attachment(request: HttpRequest, uuid: UUID, position: int) -> HttpResponse:
    """What went with a mail, as its program opens it."""
    found = message_attachment(uuid=uuid, position=position)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response["Content-Disposition"] = f'inline; filename="{found.name}"'
    return response


def _applications() -> list[dict[str, str]]:
    """What the invented people's applications show at this moment."""
    step = step_of(timezone.now())
    return [
        {"name": each.name, "identifier": each.identifier, "code": code_at(each.totp_key, step)}
        for each in demo_people()
        if each.totp_key and each.caisse == connection.schema_name
    ]


def _shown(message: MailboxMessage) -> dict[str, object]:
    return {
        "kind": message.channel,
        "kind_label": LABELS[message.channel],
        "to": message.to,
        "subject": message.subject,
        "return_url": (
            reverse("mailbox_return", args=[message.uuid]) if message.channel in ("mail", "sms") else None
        ),
        "text": message.text,
        "html_url": reverse("mailbox_mail", args=[message.uuid]) if message.html else None,
        "pdf_url": reverse("mailbox_letter", args=[message.uuid]) if message.letter else None,
        "attachments": [
            (each.name, reverse("mailbox_attachment", args=[message.uuid, each.position]))
            for each in message.attachments.all()
        ],
        "sent_at": message.sent_at,
    }
