"""Replace a lost or dead phone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guichet.kernel.masking import masked
from guichet.kernel.phones import written
from tenant_apps.desk.forms import PhoneForm
from tenant_apps.desk.reasons import TO_REPLACE, reason_in_words
from tenant_apps.desk.selectors import Account
from tenant_apps.desk.views.account import account_or_404, back_to_file
from tenant_apps.desk.views.checking import is_lost, to_confirm, to_edit, with_check
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.devices import all_devices_of
from tenant_apps.identity.documents_shown import DOCUMENTS
from tenant_apps.identity.models import TotpDevice
from tenant_apps.identity.replace_phone import FileChangedError, mobile_as_shown, replace_phone
from tenants.policy.current import current_policy


@never_cache
@sensitive_post_parameters("mobile")
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def replace(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    """The identity check and the number, then the answers to check, then the act."""
    account = account_or_404(uuid)
    form = PhoneForm(answers, reasons=TO_REPLACE, initial=_seen(account))
    if not form.is_valid() or to_edit(answers):
        return _page(request, account, form)
    if to_confirm(answers):
        try:
            return _replaced(request, account, form)
        except FileChangedError:
            return _stale(request, account)
    if form.cleaned_data["seen"] != _seen(account)["seen"]:
        return _stale(request, account)
    return _to_check(request, account, form)


def _stale(request: HttpRequest, account: Account) -> HttpResponse:
    """A colleague was quicker."""
    form = PhoneForm(reasons=TO_REPLACE, initial=_seen(account))
    return _page(request, account, form, stale=True)


def _page(request: HttpRequest, account: Account, form: PhoneForm, *, stale: bool = False) -> HttpResponse:
    context = {
        "client": account.client,
        "masked_mobile": masked(account.client.mobile),
        "form": form,
        "stale": stale,
        "lost": is_lost(request),
    }
    return render(request, "desk/phone.html", context)


def _seen(account: Account) -> dict[str, str]:
    return {"seen": mobile_as_shown(client=account.client)}


def _to_check(request: HttpRequest, account: Account, form: PhoneForm) -> HttpResponse:
    answers = form.cleaned_data
    context = {
        "client": account.client,
        "form": form,
        "masked_mobile": masked(account.client.mobile),
        "mobile": written(answers["mobile"]),
        "document": DOCUMENTS[answers["document"]],
        "reason": reason_in_words(form.written_reason),
    }
    return render(request, "desk/phone_check.html", context)


def _replaced(request: HttpRequest, account: Account, form: PhoneForm) -> HttpResponse:
    changed = replace_phone(
        client=account.client,
        user=account.user,
        mobile=form.cleaned_data["mobile"],
        seen=form.cleaned_data["seen"],
        document=form.cleaned_data["document"],
        by=signed_in(request).uuid,
        reason=form.written_reason,
        policy=current_policy(),
        now=timezone.now(),
    )
    if not changed:
        return back_to_file(account, done="meme-telephone")
    # It may have been on the phone that is gone, and still works.
    application = any(isinstance(each, TotpDevice) for each in all_devices_of(user=account.user))
    return back_to_file(account, done="telephone-application" if application else "telephone")
