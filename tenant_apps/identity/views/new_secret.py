"""What the pages share on which a person chooses a secret of their own: a password, or a PIN on two keypads."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guichet.tenancy.signing import keyring
from tenant_apps.identity.forms.new_password import NewPasswordForm
from tenant_apps.identity.forms.new_pin import NewPinForm
from tenant_apps.identity.forms.recovery import CodeAndPasswordForm, CodeAndPinForm
from tenant_apps.identity.models import User
from tenant_apps.identity.password_rules import strength_words
from tenant_apps.identity.views.sign_in import posted
from tenants.policy.document import Policy
from tenants.policy.sections.ways_in import CodeRules

NewSecretForm = NewPasswordForm | NewPinForm


def new_secret_form(
    request: HttpRequest, *, user: User, rules: Policy, now: datetime, code: CodeRules | None = None
) -> NewSecretForm:
    """By the kind of secret that the policy asks for. `code`: with a code of that form before it."""
    client, data = user.client, posted(request)
    birth_date = client.birth_date if client else None
    if rules.secret.kind == "pin":
        for_pin: dict[str, Any] = {"birth_date": birth_date, "length": rules.secret.pin.length, "now": now}
        return CodeAndPinForm(data, code_rules=code, **for_pin) if code else NewPinForm(data, **for_pin)
    for_password: dict[str, Any] = {"policy": rules, "own_words": own_words(user), "birth_date": birth_date}
    if code:
        return CodeAndPasswordForm(data, code_rules=code, **for_password)
    return NewPasswordForm(data, **for_password)


def own_words(user: User) -> tuple[str, ...]:
    """What the person's password may not hold: their names, their identifier."""
    client = user.client
    names = (client.first_name, client.last_name) if client else (user.display_name,)
    return (*names, _identifier(user))


def chosen_secret(form: NewSecretForm) -> str:
    """Of a valid form."""
    secret: str = form.cleaned_data["pin" if isinstance(form, NewPinForm) else "password"]
    return secret


def show_new_secret(
    request: HttpRequest, form: NewSecretForm, *, user: User, rules: Policy, typed: bool, leave: bool
) -> HttpResponse:
    """`typed`: the identifier was. `leave`: the page is a stage of a sign-in, which can be given up."""
    known = typed or "email_identifier" in rules.activation.sends
    context = {
        "form": form,
        "rules": rules,
        "leave": leave,
        "keypads": form.keypads() if isinstance(form, NewPinForm) else None,
        # For a password manager; who has a link only must not learn it here.
        "username": _identifier(user) if known else "",
        "asks_code": "code" in form.fields,
        "strengths": strength_words(),
    }
    return render(request, "identity/activation/choose.html", context)


def _identifier(user: User) -> str:
    return keyring().open(user.identifier_sealed, purpose="identifier")
