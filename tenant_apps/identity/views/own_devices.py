"""Add, renew or remove one's own second factor: confirmed first, by the one that one has."""

import base64
import uuid
from collections.abc import Callable
from functools import wraps
from typing import get_args
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from two_factor.utils import get_otpauth_url

from guichet.tenancy.signing import keyring
from guichet.web.proxies import client_address
from tenant_apps.identity.access import signed_in
from tenant_apps.identity.acts import Act, words_of
from tenant_apps.identity.enrol import new_totp_key, phone_to_prove
from tenant_apps.identity.factors import devices_of, typed
from tenant_apps.identity.forms.new_pin import NewPinForm
from tenant_apps.identity.forms.second_step import CodeForm
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.open_sessions import keep_session, this_session
from tenant_apps.identity.own_devices import (
    NotRemovableError,
    add_phone,
    add_pin,
    add_totp,
    addable,
    removable,
    remove_device,
)
from tenant_apps.identity.own_passkeys import may_add, may_remove
from tenant_apps.identity.recovery_codes import are_given, has_use_of_codes, make_codes, standing_of
from tenant_apps.identity.renew_codes import RENEW
from tenant_apps.identity.second_step import check_code, masked_phone, send_code
from tenant_apps.identity.step_up import StepUpNeededError, is_stepped_up
from tenant_apps.identity.totp import DIGITS
from tenant_apps.identity.views.enrolment import account_name, issuer
from tenant_apps.identity.views.own_space import own_page, own_rules, own_space, own_url, show
from tenant_apps.identity.views.second_step import wrong_code
from tenant_apps.identity.views.sign_in import posted, said_of
from tenant_apps.identity.views.step_up import ask_step_up
from tenant_apps.messaging.count_sms import sms_are_spent
from tenants.policy.sections.second_factor import Method

# What the session keeps of a change that was begun: its kind, the form's number, and the key on offer, sealed.
HELD, KEY, WHICH = "guichet_device_change", "device-key-on-offer", "which"
PAGES: dict[str, str] = {
    "device.add_totp": "device_totp",
    "device.add_pin": "device_pin",
    "device.add_sms": "device_sms",
    **{f"device.remove_{method}": "device_remove" for method in get_args(Method)},
    "device.add_passkey": "device_passkey",
    "device.remove_passkey": "passkey_remove",
    RENEW: "renew_recovery_codes",
}
Confirmed = Callable[[HttpRequest, Act], HttpResponse]


@never_cache
@require_POST
@own_space
def change_device(request: HttpRequest) -> HttpResponse:
    """« Ajouter », « Remplacer », « Retirer »: first the confirmation, then the page that does it."""
    kind = request.POST.get("what", "")
    if kind not in _offered(signed_in(request)):
        raise Http404
    act = Act(kind=kind, form=str(uuid.uuid4()))
    request.session[HELD] = {"kind": act.kind, "form": act.form, WHICH: request.POST.get(WHICH, "")}
    back, cancel = own_url(request, PAGES[kind]), own_url(request, "overview")
    return ask_step_up(request, act=act, back=back, cancel=cancel)


def confirmed(*kinds: str) -> Callable[[Confirmed], Callable[[HttpRequest], HttpResponse]]:
    """The view gets the act that was confirmed, when it is one of these; otherwise it begins again."""

    def decorate(view: Confirmed) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            act = _held(request)
            if act is None or act.kind not in kinds:
                return own_page(request, "overview")
            if not is_stepped_up(user=signed_in(request), act=act, now=timezone.now()):
                return own_page(request, "overview", done="trop-tard")
            try:
                return view(request, act)
            except StepUpNeededError:
                return own_page(request, "overview", done="trop-tard")

        return own_space(guarded)

    return decorate


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed("device.add_totp")
def device_totp(request: HttpRequest, act: Act) -> HttpResponse:
    """The key as a picture and as text; a code shows that the application has it."""
    user, key = signed_in(request), _key_on_offer(request)
    form = CodeForm(posted(request), lengths=frozenset({DIGITS}))
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        with this_session(request) as owner:
            after = add_totp(user=owner, key=key, code=code, act=act, now=timezone.now())
            if after is not None:
                return changed(request, after, "moyen", losable=True)
        form.add_error("code", wrong_code())
    address = get_otpauth_url(account_name(user), key, issuer=issuer(), digits=DIGITS)
    context = {"form": form, "key": key, "text": address}
    return show(request, "identity/security/totp.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed("device.add_pin")
def device_pin(request: HttpRequest, act: Act) -> HttpResponse:
    """A PIN of the person's own, twice."""
    user, now = signed_in(request), timezone.now()
    form = NewPinForm(
        posted(request),
        birth_date=user.client.birth_date if user.client else None,
        length=own_rules(user).secret.pin.length,
        now=now,
    )
    if request.method == "POST" and form.is_valid():
        with this_session(request) as owner:
            after = add_pin(user=owner, pin=form.cleaned_data["pin"], act=act, now=now)
            return changed(request, after, "moyen")
    context = {"form": form, "keypads": form.keypads()}
    return show(request, "identity/security/pin.html", context)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed("device.add_sms")
def device_sms(request: HttpRequest, act: Act) -> HttpResponse:
    """The number on file is the person's phone once a code sent there comes back."""
    user, now = signed_in(request), timezone.now()
    rules, device = own_rules(user), phone_to_prove(user=user)
    if device is None:
        raise Http404
    if request.method == "POST" and "send" in request.POST:
        send_code(device=device, policy=rules, now=now)
        return own_page(request, "device_sms")
    form = CodeForm(posted(request), lengths=frozenset({rules.second_factor.sms.code_length}))
    tried: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        check = check_code(
            user=user,
            devices={"sms": device},
            methods=("sms",),
            index=user.login_index,
            first=None,
            code=form.cleaned_data["code"],
            policy=rules,
            address=client_address(request),
            now=now,
        )
        if isinstance(check.device, SmsDevice):
            with this_session(request) as owner:
                after = add_phone(user=owner, phone=check.device.phone, act=act, now=now)
                return changed(request, after, "moyen")
        form.add_error("code", wrong_code())
        tried = {"wait": check.wait, "agency_only": check.agency_only}
        tried["tries_left"] = said_of(check.tries_left, rules=rules)
    context = {
        "form": form,
        "masked_phone": masked_phone(phone=device.phone),
        "code_is_coming": device.has_live_code(now=now),
        "sms_are_spent": sms_are_spent(now=now),
        **tried,
    }
    return show(request, "identity/security/sms.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed(*(f"device.remove_{method}" for method in typed(get_args(Method))))
def device_remove(request: HttpRequest, act: Act) -> HttpResponse:
    """One more look, then it is gone."""
    user = signed_in(request)
    rules, method = own_rules(user), _method_of(act.kind)
    if request.method == "POST":
        try:
            with this_session(request) as owner:
                after = remove_device(user=owner, method=method, act=act, policy=rules, now=timezone.now())
                return changed(request, after, "retire")
        except NotRemovableError:
            return own_page(request, "overview")
    left = [each for each in devices_of(user=user, policy=rules) if each != method]
    context = {"method": method, "left": left, "what": words_of(act.kind)}
    return show(request, "identity/security/remove.html", context)


def _offered(user: User) -> set[str]:
    rules = own_rules(user)
    devices = devices_of(user=user, policy=rules)
    return {
        *(f"device.add_{method}" for method in addable(user=user, devices=devices, policy=rules)),
        *(f"device.remove_{method}" for method in typed(removable(devices=devices, policy=rules))),
        *(["device.add_passkey"] if may_add(user=user, policy=rules) else []),
        *(["device.remove_passkey"] if "passkey" in devices and may_remove(user=user, policy=rules) else []),
        *([RENEW] if has_use_of_codes(devices=devices, policy=rules) else []),
    }


def _held(request: HttpRequest) -> Act | None:
    held = request.session.get(HELD)
    return Act(kind=held["kind"], form=held["form"]) if held else None


def _method_of(kind: str) -> Method:
    return next(method for method in get_args(Method) if kind.endswith(f"_{method}"))


def _key_on_offer(request: HttpRequest) -> str:
    """The same at each look at the page."""
    held = request.session[HELD]
    if KEY not in held:
        sealed = keyring().seal(new_totp_key(), purpose=KEY)
        held[KEY] = base64.b64encode(sealed).decode()
        request.session[HELD] = held
    return keyring().open(base64.b64decode(held[KEY]), purpose=KEY)


def held_passkey(request: HttpRequest) -> UUID | None:
    """Which one is to go."""
    try:
        return UUID(request.session[HELD][WHICH])
    except ValueError:
        return None


def let_go(request: HttpRequest) -> None:
    """The change is done."""
    request.session.pop(HELD, None)


def changed(request: HttpRequest, user: User, what: str, *, losable: bool = False) -> HttpResponse:
    """`user` as they now stand: this session alone goes on.

    `losable`: what was added is held by a thing; who has no recovery codes yet is shown some.
    """
    let_go(request)
    keep_session(request, user=user)
    rules = own_rules(user)
    if losable and are_given(policy=rules) and standing_of(user=user).made_at is None:
        codes = make_codes(user=user, policy=rules, now=timezone.now())
        return show(request, "identity/security/recovery_codes.html", {"codes": codes})
    return own_page(request, "overview", done=what)
