"""The stage after a first password that was sent: a secret of the person's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

# allauth's flows must be imported before its stages (see tenant_apps/identity/stages.py).
from allauth.account.internal.stagekit import clear_login  # isort: skip  # as above

from guichet.web.proxies import client_address
from tenant_apps.identity.access_codes import live_code_of
from tenant_apps.identity.activate import ActivationClosedError, activate, note_opened
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.own_secret_stage import OwnSecretStage, pending_own_secret
from tenant_apps.identity.stages import pending_page
from tenant_apps.identity.views.new_secret import (
    NewSecretForm,
    chosen_secret,
    new_secret_form,
    personal_refusal,
    show_new_secret,
)
from tenant_apps.identity.views.sign_in import empty_form, show_first_step


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def own_secret(request: HttpRequest) -> HttpResponse:
    """Nothing else is to be had before."""
    stage = pending_own_secret(request)
    if stage is None:
        return redirect(pending_page(request))
    if stage.user is None:
        # The account has changed since the first step: another first password was sent, for instance.
        return _closed(request, stage)
    user, now, address = stage.user, timezone.now(), client_address(request)
    code = live_code_of(user=user, kind=AccessCode.Kind.PASSWORD, now=now)
    if code is None:
        return _closed(request, stage)
    note_opened(code=code, address=address, now=now)
    form = new_secret_form(request, user=user, rules=stage.rules, now=now)
    answer = _judged(request, stage, form, code=code) if request.method == "POST" else None
    return answer or show_new_secret(request, form, user=user, rules=stage.rules, typed=True, leave=True)


def _judged(
    request: HttpRequest, stage: OwnSecretStage, form: NewSecretForm, *, code: AccessCode
) -> HttpResponse | None:
    """Nothing, when the page has something to say."""
    if not form.is_valid():
        return personal_refusal(
            request, form, opening=code, rules=stage.rules, closed=lambda: _closed(request, stage)
        )
    now, address = timezone.now(), client_address(request)
    try:
        chosen: User = activate(
            code=code, secret=chosen_secret(form), policy=stage.rules, address=address, now=now
        )
    except ActivationClosedError:
        return _closed(request, stage)
    return stage.chosen(chosen)


def _closed(request: HttpRequest, stage: OwnSecretStage) -> HttpResponse:
    """Back at the first step: the first password has lapsed meanwhile, or served in another window."""
    clear_login(request)
    form = empty_form(realm=stage.realm, now=timezone.now())
    form.add_error(None, _("Ce premier mot de passe a déjà servi, ou il n’est plus valable."))
    return show_first_step(request, form, realm=stage.realm)
