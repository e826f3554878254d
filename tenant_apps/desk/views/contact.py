"""Correct the e-mail or the mobile of a client."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guichet.kernel.masking import masked
from guichet.kernel.phones import written
from tenant_apps.desk.contact_form import ContactForm
from tenant_apps.desk.reasons import TO_CORRECT, reason_in_words
from tenant_apps.desk.selectors import Account
from tenant_apps.desk.views.account import account_or_404, back_to_file
from tenant_apps.desk.views.checking import is_lost, to_confirm, to_edit, with_check
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.correct_contact import contact_as_shown, correct_contact, who_will_learn
from tenant_apps.identity.documents_shown import DOCUMENTS
from tenant_apps.identity.replace_phone import FileChangedError

_NONE = _("aucun")


@never_cache
@sensitive_post_parameters("email", "mobile")
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def correct(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    """The identity check and what changes, then the answers to check, then the act."""
    account = account_or_404(uuid)
    form = ContactForm(answers, reasons=TO_CORRECT, initial=_seen(account))
    if not form.is_valid() or to_edit(answers):
        return _page(request, account, form)
    if to_confirm(answers):
        try:
            return _corrected(request, account, form)
        except FileChangedError:
            return _stale(request, account)
    if form.cleaned_data["seen"] != _seen(account)["seen"]:
        return _stale(request, account)
    return _to_check(request, account, form)


def _stale(request: HttpRequest, account: Account) -> HttpResponse:
    """A colleague was quicker."""
    form = ContactForm(reasons=TO_CORRECT, initial=_seen(account))
    return _page(request, account, form, stale=True)


def _page(request: HttpRequest, account: Account, form: ContactForm, *, stale: bool = False) -> HttpResponse:
    context = {**_masks(account), "form": form, "stale": stale, "lost": is_lost(request)}
    return render(request, "desk/contact.html", context)


def _masks(account: Account) -> dict[str, object]:
    client = account.client
    return {
        "client": client,
        "masked_email": masked(client.email),
        "masked_mobile": masked(client.mobile),
    }


def _seen(account: Account) -> dict[str, str]:
    return {"seen": contact_as_shown(client=account.client)}


def _to_check(request: HttpRequest, account: Account, form: ContactForm) -> HttpResponse:
    contact = form.contact
    context = {
        **_masks(account),
        "form": form,
        "email": _shown(contact.email),
        "mobile": _shown(written(contact.mobile) if contact.mobile else contact.mobile),
        "document": DOCUMENTS[form.cleaned_data["document"]],
        "reason": reason_in_words(form.written_reason),
        "learns": who_will_learn(client=account.client, user=account.user),
    }
    return render(request, "desk/contact_check.html", context)


def _shown(wanted: str | None) -> str | Promise | None:
    """None for what does not change."""
    return _NONE if wanted == "" else wanted


def _corrected(request: HttpRequest, account: Account, form: ContactForm) -> HttpResponse:
    changed = correct_contact(
        client=account.client,
        user=account.user,
        contact=form.contact,
        seen=form.cleaned_data["seen"],
        document=form.cleaned_data["document"],
        by=signed_in(request).uuid,
        reason=form.written_reason,
        now=timezone.now(),
    )
    if not changed:
        return back_to_file(account, done="memes-coordonnees")
    return back_to_file(
        account, done="coordonnees" if account.user.is_activated else "coordonnees-activation"
    )
