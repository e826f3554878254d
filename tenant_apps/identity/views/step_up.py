"""The page that asks for a code before a sensitive act, and says which act."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guichet.web.proxies import client_address
from tenant_apps.identity.access import signed_in
from tenant_apps.identity.acts import Act, words_of
from tenant_apps.identity.ceremonies import Answer, answer_of
from tenant_apps.identity.factors import devices_of
from tenant_apps.identity.forms.second_step import CodeForm
from tenant_apps.identity.forms.sign_in import LONGEST_SECRET
from tenant_apps.identity.forms.step_up import PasswordAgainForm, PinAgainForm
from tenant_apps.identity.models import Confirmation, SmsDevice, User
from tenant_apps.identity.second_step import masked_phone
from tenant_apps.identity.step_up import (
    SECRET,
    OnPaper,
    Shown,
    StepUpCheck,
    begin_step_up,
    check_step_up,
    code_lifetime,
    confirmation_of,
    send_step_up_code,
    shown_of,
    takes_paper,
)
from tenant_apps.identity.totp import DIGITS
from tenant_apps.identity.views.own_space import own_rules, own_space, own_url, show
from tenant_apps.identity.views.passkeys import ask
from tenant_apps.identity.views.second_step import RESENT, TOO_SOON, wrong_code, wrong_passkey, wrong_pin
from tenant_apps.identity.views.sign_in import posted, said_of
from tenant_apps.messaging.count_sms import sms_are_spent
from tenants.policy.document import Policy

# What the forms of a passkey, and of a recovery code, post.
PASSKEY, PAPER = "credential", "paper"
CodeOrSecretForm = CodeForm | PinAgainForm | PasswordAgainForm


def ask_step_up(request: HttpRequest, *, act: Act, back: str, cancel: str) -> HttpResponse:
    """To the page of the code. Once the act is confirmed the person comes to `back`; who thinks better, to `cancel`.

    Both are addresses of this host, made by the caller and never taken from the request.
    """
    user = signed_in(request)
    confirmation = begin_step_up(
        user=user, act=act, back=back, cancel=cancel, policy=own_rules(user), now=timezone.now()
    )
    return redirect(own_url(request, "step_up", uuid=confirmation.uuid))


@never_cache
@sensitive_post_parameters("code", "positions", "draw")
@require_http_methods(["GET", "HEAD", "POST"])
@own_space
def step_up(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is confirmed, and the field for the code."""
    user, now = signed_in(request), timezone.now()
    rules = own_rules(user)
    confirmation = _own(user, uuid)
    shown = shown_of(confirmation=confirmation, user=user)
    if not confirmation.is_awaited(now=now):
        return _closed(request, shown)
    form = _form(request, confirmation, rules=rules, now=now)
    check = StepUpCheck()
    other = _answered_otherwise(request, confirmation, now=now)
    if request.method == "POST" and (other or form.is_valid()):
        code = other or form.cleaned_data["code"]
        check = check_step_up(
            user=user,
            uuid=uuid,
            code=code,
            policy=rules,
            address=client_address(request),
            now=now,
        )
        if check.passed:
            return HttpResponseRedirect(shown.back)
        if check.closed:
            return _closed(request, shown)
        _refuse(form, other, _refusal(confirmation, rules))
    context = {
        **_shown(shown),
        **_how(confirmation, user=user, rules=rules, now=now),
        "confirmation": confirmation,
        "takes_paper": takes_paper(confirmation, user=user, policy=rules),
        "form": form,
        "keypads": form.keypads() if isinstance(form, PinAgainForm) else None,
        "wait": check.wait,
        "agency_only": check.agency_only,
        "tries_left": None if check.tries_left is None else said_of(check.tries_left, rules=rules),
        "resent": request.method == "GET" and RESENT in request.GET,
        "too_soon": request.method == "GET" and TOO_SOON in request.GET,
    }
    return show(request, "identity/security/step_up.html", context)


@never_cache
@require_POST
@own_space
def step_up_send(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Another code by SMS, or the first one of who would rather not use the application."""
    user = signed_in(request)
    _own(user, uuid)
    sending = send_step_up_code(user=user, uuid=uuid, policy=own_rules(user), now=timezone.now())
    return HttpResponseRedirect(f"../?{RESENT if sending.sent else TOO_SOON}=1")


@never_cache
@require_POST
@own_space
def step_up_passkey(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A challenge for this act alone."""
    user = signed_in(request)
    confirmation = _own(user, uuid)
    if "passkey" not in devices_of(user=user, policy=own_rules(user)):
        raise Http404
    return ask(request, purpose=_purpose(confirmation))


def _purpose(confirmation: Confirmation) -> str:
    return f"step-up:{confirmation.uuid}:{confirmation.act}"


def _answered_otherwise(
    request: HttpRequest, confirmation: Confirmation, *, now: datetime
) -> Answer | OnPaper | None:
    """By a passkey, or by a recovery code; None for what the form of the page takes."""
    if PASSKEY in request.POST:
        return answer_of(request, purpose=_purpose(confirmation), now=now)
    return OnPaper(request.POST[PAPER][:LONGEST_SECRET]) if PAPER in request.POST else None


def _refuse(form: CodeOrSecretForm, other: Answer | OnPaper | None, said: str) -> None:
    """Beside the field, or above it for what that field does not take."""
    if other is None:
        form.add_error("code", said)
    else:
        form.errors.clear()
        form.add_error(None, wrong_passkey() if isinstance(other, Answer) else wrong_code())


def _own(user: User, uuid: UUID) -> Confirmation:
    confirmation = confirmation_of(user=user, uuid=uuid)
    if confirmation is None:
        raise Http404
    return confirmation


def _form(
    request: HttpRequest, confirmation: Confirmation, *, rules: Policy, now: datetime
) -> CodeOrSecretForm:
    method = confirmation.method
    if method == "pin" or (method == SECRET and rules.secret.kind == "pin"):
        return PinAgainForm(posted(request), length=rules.secret.pin.length, now=now)
    if method == SECRET:
        return PasswordAgainForm(posted(request))
    length = rules.second_factor.sms.code_length if method == "sms" else DIGITS
    return CodeForm(posted(request), lengths=frozenset({length}))


def _refusal(confirmation: Confirmation, rules: Policy) -> str:
    if confirmation.method == SECRET and rules.secret.kind == "password":
        return wrong_password()
    return wrong_pin() if confirmation.method in ("pin", SECRET) else wrong_code()


def wrong_password() -> str:
    return _("Ce mot de passe n’est pas le bon.")


def _shown(shown: Shown) -> dict[str, object]:
    return {
        "what": words_of(shown.kind),
        "amount": shown.amount,
        "payee": shown.payee,
        "cancel": shown.cancel,
    }


def _how(confirmation: Confirmation, *, user: User, rules: Policy, now: datetime) -> dict[str, object]:
    devices = devices_of(user=user, policy=rules)
    device = devices.get("sms")
    context: dict[str, object] = {"method": confirmation.method, "lifetime": code_lifetime(policy=rules)}
    context["takes_passkey"] = "passkey" in devices
    if isinstance(device, SmsDevice):
        context["masked_phone"] = masked_phone(phone=device.phone)
        context["code_is_coming"] = bool(confirmation.code_digest)
    if confirmation.method == "sms":
        context["sms_are_spent"] = sms_are_spent(now=now)
    return context


def _closed(request: HttpRequest, shown: Shown) -> HttpResponse:
    """It has served, or it is too late: the act begins anew where it was asked for."""
    answer = show(request, "identity/security/closed.html", _shown(shown))
    answer.status_code = 410
    return answer
