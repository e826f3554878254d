"""Open again an account that failed tries have closed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.forms import ReasonForm
from tenant_apps.desk.presentation import state_of
from tenant_apps.desk.reasons import TO_UNLOCK
from tenant_apps.desk.views.account import account_or_404, back_to_file
from tenant_apps.desk.views.checking import is_lost, sent_well, with_check
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.standing import standing_of
from tenant_apps.identity.unlock_account import unlock_account


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def unlock(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    account, now = account_or_404(uuid), timezone.now()
    form = ReasonForm(answers, reasons=TO_UNLOCK)
    if sent_well(request, form):
        was_closed = unlock_account(
            user=account.user, by=signed_in(request).uuid, reason=form.written_reason, now=now
        )
        return back_to_file(account, done="rouvert" if was_closed else "deja-ouvert")
    standing = standing_of(user=account.user, now=now)
    context = {
        "client": account.client,
        "form": form,
        "lost": is_lost(request),
        "standing": standing,
        "state": state_of(standing=standing),
    }
    return render(request, "desk/unlock.html", context)
