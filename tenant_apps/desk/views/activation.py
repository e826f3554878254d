"""Send again the activation of an account that was never activated."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.forms import ReasonForm
from tenant_apps.desk.reasons import TO_ACTIVATE
from tenant_apps.desk.views.account import account_or_404, back_to_file
from tenant_apps.desk.views.checking import is_lost, sent_well, with_check
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.activation_registry import activation
from tenant_apps.identity.standing import standing_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def send(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    account, now = account_or_404(uuid), timezone.now()
    standing = standing_of(user=account.user, now=now)
    activated = standing.activated
    send_activation = None if activated else activation()
    form = ReasonForm(answers, reasons=TO_ACTIVATE)
    if send_activation is not None and sent_well(request, form):
        by = signed_in(request).uuid
        send_activation(user=account.user, by=by, reason=form.written_reason, now=now)
        return back_to_file(account, done="nouveau-secret" if standing.anew else "activation")
    context = {
        "client": account.client,
        "form": form,
        "lost": is_lost(request),
        "activated": activated,
        "anew": standing.anew,
        "can_send": send_activation is not None,
    }
    return render(request, "desk/activation.html", context)
