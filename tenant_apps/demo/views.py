"""The demo's mailbox: every message that the caisse of this host sent."""

from uuid import UUID

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenant_apps.demo.models import MailboxMessage
from tenant_apps.demo.selectors import latest_messages, message_html

LABELS = {"mail": _("E-mail"), "sms": _("SMS"), "letter": _("Lettre")}


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/mailbox.html", {"messages": [_shown(each) for each in latest_messages()]})


@never_cache
@require_safe
def mailbox_json(request: HttpRequest) -> JsonResponse:
    """`{"messages": [{"uuid", "kind", "channel", "to", "subject", "text", "sent_at"}, …]}`, newest first."""
    fields = ("kind", "channel", "to", "subject", "text")
    rows = [
        {
            "uuid": str(each.uuid),
            "sent_at": each.sent_at.isoformat(),
            **{name: getattr(each, name) for name in fields},
        }
        for each in latest_messages()
    ]
    return JsonResponse({"messages": rows})


@never_cache
@require_safe
@csp_replace({"style-src": [UNSAFE_INLINE], "script-src": [NONE]})  # type: ignore[arg-type]  # its stub knows views without arguments only
def mail_html(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A mail as a mail program shows it: its own inline styles, and nothing else, are let through."""
    html = message_html(uuid=uuid)
    if html is None:
        raise Http404
    return HttpResponse(html)


def _shown(message: MailboxMessage) -> dict[str, object]:
    return {
        "kind": message.channel,
        "kind_label": LABELS[message.channel],
        "to": message.to,
        "subject": message.subject,
        "text": message.text,
        "html_url": reverse("mailbox_mail", args=[message.uuid]) if message.html else None,
        "sent_at": message.sent_at,
    }
