"""Change one's own secret."""

from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guichet.web.proxies import client_address
from tenant_apps.identity.access import signed_in
from tenant_apps.identity.change_secret import SecretChange, change_secret
from tenant_apps.identity.forms.change_secret import ChangePasswordForm, ChangePinForm
from tenant_apps.identity.models import User
from tenant_apps.identity.open_sessions import keep_session
from tenant_apps.identity.password_rules import strength_words
from tenant_apps.identity.views.new_secret import chosen_secret, own_words, unsay
from tenant_apps.identity.views.own_space import own_page, own_rules, own_space, show
from tenant_apps.identity.views.second_step import wrong_pin
from tenant_apps.identity.views.sign_in import posted, said_of
from tenant_apps.identity.views.step_up import wrong_password
from tenants.policy.document import Policy


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_space
def own_secret(request: HttpRequest) -> HttpResponse:
    """The old one, then the new one twice. Every other session ends, and the client is told."""
    user, now = signed_in(request), timezone.now()
    rules = own_rules(user)
    form = _form(request, user=user, rules=rules, now=now)
    change = SecretChange()
    if request.method == "POST":
        chosen = chosen_secret(form) if form.is_valid() else None
        if "old" not in form.cleaned_data:
            unsay(form, but="old")
            return _shown(request, form, rules=rules, change=change)
        change = change_secret(
            user=user,
            old=form.cleaned_data["old"],
            new=chosen,
            policy=rules,
            address=client_address(request),
            now=now,
            keep=partial(_keep, request),
        )
        if change.user is not None:
            return own_page(request, "overview", done="secret")
        if not change.right:
            unsay(form, but="old")
            form.add_error("old", wrong_pin() if isinstance(form, ChangePinForm) else wrong_password())
    return _shown(request, form, rules=rules, change=change)


def _shown(
    request: HttpRequest, form: ChangePasswordForm | ChangePinForm, *, rules: Policy, change: SecretChange
) -> HttpResponse:
    context = {
        "form": form,
        "keypads": form.keypads() if isinstance(form, ChangePinForm) else None,
        "strengths": strength_words(),
        "wait": change.wait,
        "agency_only": change.agency_only,
        "tries_left": None if change.tries_left is None else said_of(change.tries_left, rules=rules),
    }
    return show(request, "identity/security/secret.html", context)


def _keep(request: HttpRequest, user: User) -> None:
    keep_session(request, user=user)


def _form(
    request: HttpRequest, *, user: User, rules: Policy, now: datetime
) -> ChangePasswordForm | ChangePinForm:
    birth_date = user.client.birth_date if user.client else None
    if rules.secret.kind == "pin":
        return ChangePinForm(posted(request), birth_date=birth_date, length=rules.secret.pin.length, now=now)
    return ChangePasswordForm(posted(request), policy=rules, own_words=own_words(user), birth_date=birth_date)
