"""What the pages share on which a person chooses a secret of their own: a password, or a PIN on two keypads."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from guichet.tenancy.signing import keyring
from guichet.web.errors import too_many
from guichet.web.proxies import client_address
from tenant_apps.identity.forms.new_password import NewPasswordForm
from tenant_apps.identity.forms.new_pin import NewPinForm
from tenant_apps.identity.forms.recovery import CodeAndPasswordForm, CodeAndPinForm
from tenant_apps.identity.models import AccessCode, Recovery, User
from tenant_apps.identity.password_rules import strength_words
from tenant_apps.identity.people import masked_identifier
from tenant_apps.identity.personal_refusals import count_personal_refusal
from tenant_apps.identity.realms import realm_of_user
from tenant_apps.identity.views.sign_in import posted
from tenants.policy.document import Policy
from tenants.policy.sections.ways_in import CodeRules

NewSecretForm = NewPasswordForm | NewPinForm


class CodeShape(TypedDict):
    """What is asked for before the new secret: the form of the code, and the lengths that it may have."""

    code_rules: CodeRules
    code_lengths: Sequence[int]


def new_secret_form(
    request: HttpRequest, *, user: User, rules: Policy, now: datetime, code: CodeShape | None = None
) -> NewSecretForm:
    """By the kind of secret that the policy asks for. `code`: with a code of that form before it."""
    client, data = user.client, posted(request)
    birth_date = client.birth_date if client else None
    if rules.secret.kind == "pin":
        for_pin: dict[str, Any] = {"birth_date": birth_date, "length": rules.secret.pin.length, "now": now}
        return CodeAndPinForm(data, **code, **for_pin) if code else NewPinForm(data, **for_pin)
    for_password: dict[str, Any] = {"policy": rules, "own_words": own_words(user), "birth_date": birth_date}
    if code:
        return CodeAndPasswordForm(data, **code, **for_password)
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


def unsay(form: Form, *, but: str) -> None:
    """What was found of the other fields is not for who has not brought what `but` asks for."""
    for name in [each for each in form.errors if each != but]:
        del form.errors[name]


def personal_refusal(
    request: HttpRequest,
    form: NewSecretForm,
    *,
    opening: AccessCode | Recovery,
    rules: Policy,
    closed: Callable[[], HttpResponse],
) -> HttpResponse | None:
    """An answer instead of the page, when the form would say too often what the person's secret may not hold."""
    if not (form.has_error("password", "personal") or form.has_error("pin", "birth")):
        return None
    refused = count_personal_refusal(
        opening=opening, policy=rules, address=client_address(request), now=timezone.now()
    )
    if refused.braked_for is not None:
        return too_many(request, wait=refused.braked_for)
    return closed() if refused.closed else None


def show_new_secret(
    request: HttpRequest, form: NewSecretForm, *, user: User, rules: Policy, typed: bool, leave: bool
) -> HttpResponse:
    """`typed`: the identifier was. `leave`: the page is a stage of a sign-in, which can be given up."""
    known = typed or "email_identifier" in rules.activation.sends
    context = {
        "form": form,
        "rules": rules,
        "realm": realm_of_user(user),
        "leave": leave,
        "keypads": form.keypads() if isinstance(form, NewPinForm) else None,
        # For a password manager; who has a link only must not learn it here. Without it browsers take no password.
        "username": _shown_identifier(user, rules) if known else "",
        "asks_code": "code" in form.fields,
        "strengths": strength_words(),
    }
    return render(request, "identity/activation/choose.html", context)


def _shown_identifier(user: User, rules: Policy) -> str:
    """A NIR is whole on no screen."""
    return masked_identifier(user=user) if rules.identifier.kind == "nir" else _identifier(user)


def _identifier(user: User) -> str:
    return keyring().open(user.identifier_sealed, purpose="identifier")
