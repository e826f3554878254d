"""Forget the second factors that a client can no longer use."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.forms import IdentityForm
from tenant_apps.desk.presentation import device_line
from tenant_apps.desk.reasons import TO_FORGET
from tenant_apps.desk.views.account import account_or_404, back_to_file
from tenant_apps.desk.views.checking import is_lost, sent_well, with_check
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.devices import all_devices_of
from tenant_apps.identity.forget_devices import forget_devices
from tenants.policy.current import current_policy


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def forget(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    account, policy = account_or_404(uuid), current_policy()
    form = IdentityForm(answers, reasons=TO_FORGET)
    if sent_well(request, form):
        done = forget_devices(
            user=account.user,
            document=form.cleaned_data["document"],
            by=signed_in(request).uuid,
            reason=form.written_reason,
            policy=policy,
            now=timezone.now(),
        )
        return back_to_file(account, done="oublie" if done else "rien-a-oublier")
    lines = [device_line(device=each, policy=policy) for each in all_devices_of(user=account.user)]
    context = {
        "client": account.client,
        "form": form,
        "lost": is_lost(request),
        "devices": [each for each in lines if each.forgettable],
    }
    return render(request, "desk/devices.html", context)
