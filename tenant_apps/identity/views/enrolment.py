"""The second factor that a person chooses at the first sign-in, before any session exists."""

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import View
from two_factor.utils import get_otpauth_url
from two_factor.views.core import QRGeneratorView

from guichet.tenancy.connection import connection
from guichet.web.proxies import client_address
from tenant_apps.identity.enrol import (
    AlreadyEnrolledError,
    enrol_phone,
    enrol_pin,
    enrol_totp,
    offered_methods,
    phone_to_prove,
)
from tenant_apps.identity.forms.new_pin import NewPinForm
from tenant_apps.identity.forms.second_step import CodeForm
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.second_step import check_code, masked_phone, send_code
from tenant_apps.identity.stages import EnrolmentStage, pending_enrolment, pending_page
from tenant_apps.identity.totp import DIGITS
from tenant_apps.identity.views.second_step import locked_out, wrong_code
from tenant_apps.identity.views.sign_in import posted, said_of
from tenant_apps.messaging.count_sms import sms_are_spent
from tenants.policy.sections.second_factor import Method

Screen = Callable[..., HttpResponseBase]
PAGES: dict[Method, str] = {
    "sms": "enrol_sms",
    "totp": "enrol_totp",
    "pin": "enrol_pin",
    "passkey": "enrol_passkey",
}


def enrolling(method: Method | None = None) -> Callable[[Screen], Screen]:
    """The view gets the stage and its user, once that person may enrol `method`."""

    def decorate(view: Screen) -> Screen:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            stage = pending_enrolment(request)
            if stage is None:
                return redirect(pending_page(request))
            if stage.user is None:
                # The account has changed since the first step: it is to be passed again.
                return stage.give_up()
            if method is not None and method not in offered_methods(user=stage.user, policy=stage.rules):
                raise Http404
            try:
                return view(request, stage, stage.user, *args, **kwargs)
            except AlreadyEnrolledError:
                return stage.give_up()

        return guarded

    return decorate


@never_cache
@require_safe
@enrolling()
def choose(request: HttpRequest, stage: EnrolmentStage, user: User) -> HttpResponse:
    """Which one, with what each of them is; one alone needs no choice."""
    offered = offered_methods(user=user, policy=stage.rules)
    if len(offered) == 1:
        return redirect(PAGES[offered[0]])
    context = {**enrolment_context(stage), "offered": [(method, PAGES[method]) for method in offered]}
    return render(request, "identity/enrolment/choose.html", context)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@enrolling("totp")
def totp(request: HttpRequest, stage: EnrolmentStage, user: User) -> HttpResponse:
    """The key as a picture and as text; a code shows that the application has it."""
    form = CodeForm(posted(request), lengths=frozenset({DIGITS}))
    if request.method == "POST" and form.is_valid():
        code, now = form.cleaned_data["code"], timezone.now()
        device = enrol_totp(user=user, key=stage.totp_key, code=code, first=True, now=now)
        if device is not None:
            return stage.enrolled(device)
        form.add_error("code", wrong_code())
    context = {
        **enrolment_context(stage),
        "form": form,
        "key": stage.totp_key,
        "address": get_otpauth_url(account_name(user), stage.totp_key, issuer=issuer(), digits=DIGITS),
    }
    return render(request, "identity/enrolment/totp.html", context)


class TotpPicture(QRGeneratorView):
    """two_factor's own view. It looks for the key in the session: it is handed one that holds nothing else."""

    key = account = ""
    # The library's lets in who is signed in, which nobody is yet: `enrolling` stands guard.
    dispatch = View.dispatch

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.request = copy.copy(request)
        handed = {self.session_key_name: self.key}
        self.request.session = handed  # type: ignore[assignment]  # the one thing that the library reads of it
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_issuer(self) -> str:
        return issuer()

    def get_username(self) -> str:
        return self.account


@never_cache
@require_safe
@enrolling("totp")
def totp_picture(request: HttpRequest, stage: EnrolmentStage, user: User) -> HttpResponseBase:
    return TotpPicture.as_view(key=stage.totp_key, account=account_name(user))(request)


@never_cache
@require_POST
@enrolling("sms")
def sms_send(request: HttpRequest, stage: EnrolmentStage, user: User) -> HttpResponse:
    """A code to the number on file."""
    device = phone_to_prove(user=user)
    if device is not None:
        send_code(device=device, policy=stage.rules, now=timezone.now())
    return redirect("enrol_sms")


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@enrolling("sms")
def sms(request: HttpRequest, stage: EnrolmentStage, user: User) -> HttpResponse:
    """The number on file is the person's phone once a code sent there comes back."""
    device = phone_to_prove(user=user)
    if device is None:
        raise Http404
    form = CodeForm(posted(request), lengths=frozenset({stage.rules.second_factor.sms.code_length}))
    tries_left = None
    if request.method == "POST" and form.is_valid():
        check = check_code(
            user=user,
            devices={"sms": device},
            methods=("sms",),
            index=stage.index,
            first=None,
            code=form.cleaned_data["code"],
            policy=stage.rules,
            address=client_address(request),
            now=timezone.now(),
        )
        if isinstance(check.device, SmsDevice):
            phone = check.device.phone
            return stage.enrolled(enrol_phone(user=user, phone=phone, first=True, now=timezone.now()))
        if check.locked:
            return locked_out(request, stage, check, said=wrong_code())
        form.add_error("code", wrong_code())
        tries_left = said_of(check.tries_left, rules=stage.rules)
    context = {
        **enrolment_context(stage),
        "form": form,
        "masked_phone": masked_phone(phone=device.phone),
        "code_is_coming": device.has_live_code(now=timezone.now()),
        "sms_are_spent": sms_are_spent(now=timezone.now()),
        "tries_left": tries_left,
    }
    return render(request, "identity/enrolment/sms.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@enrolling("pin")
def pin(request: HttpRequest, stage: EnrolmentStage, user: User) -> HttpResponse:
    """A PIN of the person's own, twice."""
    form = NewPinForm(
        posted(request),
        birth_date=user.client.birth_date if user.client else None,
        length=stage.rules.secret.pin.length,
        now=timezone.now(),
    )
    if request.method == "POST" and form.is_valid():
        pin_chosen, now = form.cleaned_data["pin"], timezone.now()
        return stage.enrolled(enrol_pin(user=user, pin=pin_chosen, first=True, now=now))
    context = {**enrolment_context(stage), "form": form, "keypads": form.keypads()}
    return render(request, "identity/enrolment/pin.html", context)


def enrolment_context(stage: EnrolmentStage) -> dict[str, object]:
    user = stage.user
    several = user is not None and len(offered_methods(user=user, policy=stage.rules)) > 1
    return {"rules": stage.rules, "realm": stage.realm, "several": several}


def issuer() -> str:
    """Whose code it is, as the application lists it."""
    name: str = connection.tenant.name
    return name


def account_name(user: User) -> str:
    """Never the identifier, which an application shows to whoever looks on: the client number, or staff's name."""
    return user.client.number if user.client else user.display_name
