"""Open a way in to one person for some days, and close it before its time."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tenant_apps.desk.forms import ExceptionForm
from tenant_apps.desk.selectors import Account
from tenant_apps.desk.views.account import account_or_404, back_to_file
from tenant_apps.desk.views.checking import is_lost, sent_well, with_check
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.exceptions import Way, grantable_ways
from tenant_apps.identity.factors import policy_devices_of
from tenant_apps.identity.grant_exception import CannotGrantError, end_exception, grant_exception
from tenants.policy.current import current_policy
from tenants.policy.document import Policy


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def grant(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    account, policy = account_or_404(uuid), current_policy()
    has_device = bool(policy_devices_of(user=account.user, policy=policy))
    ways = grantable_ways(user=account.user, policy=policy, has_device=has_device)
    form = ExceptionForm(answers, ways=ways, longest=policy.staff.exception_longest)
    if sent_well(request, form):
        return back_to_file(account, done=_granted(request, account, form, policy))
    context = {"client": account.client, "form": form, "ways": ways, "lost": is_lost(request)}
    return render(request, "desk/exception.html", context)


@never_cache
@require_POST
@staff_only
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    account, way = account_or_404(uuid), request.POST.get("way", "")
    if way not in Way.values:
        raise Http404
    lived = end_exception(
        user=account.user,
        way=way,
        by=signed_in(request).uuid,
        now=timezone.now(),
    )
    return back_to_file(account, done="exception-finie" if lived else "exception-deja")


def _granted(request: HttpRequest, account: Account, form: ExceptionForm, policy: Policy) -> str:
    try:
        grant_exception(
            user=account.user,
            way=form.cleaned_data["way"],
            lasts=form.lasts,
            by=signed_in(request).uuid,
            reason=form.written_reason,
            policy=policy,
            now=timezone.now(),
        )
    except CannotGrantError:
        return "exception-non"
    return "exception"
