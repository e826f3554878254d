"""Take away a secret that somebody else may know."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.forms import ReasonForm
from tenant_apps.desk.reasons import TO_FORCE
from tenant_apps.desk.views.account import account_or_404, back_to_file
from tenant_apps.desk.views.checking import is_lost, sent_well, with_check
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.force_new_secret import NothingToForceError, force_new_secret


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def force(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    account = account_or_404(uuid)
    form = ReasonForm(answers, reasons=TO_FORCE)
    if sent_well(request, form):
        try:
            sent = force_new_secret(
                user=account.user,
                by=signed_in(request).uuid,
                reason=form.written_reason,
                now=timezone.now(),
            )
        except NothingToForceError:
            return back_to_file(account, done="sans-secret")
        return back_to_file(account, done="secret" if sent else "secret-a-la-main")
    context = {
        "client": account.client,
        "form": form,
        "lost": is_lost(request),
        "can_force": account.user.is_active and account.user.is_activated,
    }
    return render(request, "desk/secret.html", context)
