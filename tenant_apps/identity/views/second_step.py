"""The second step."""

# allauth's flows must be imported before its stages (see tenant_apps/identity/stages.py).
from datetime import timedelta

from allauth.account.internal.stagekit import clear_login
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guichet.web.proxies import client_address
from tenant_apps.identity.forms.second_step import CodeForm, PinForm
from tenant_apps.identity.recovery_codes import are_given
from tenant_apps.identity.refused_code import from_address, in_address, refused
from tenant_apps.identity.second_step import CodeCheck, check_code, masked_phone, wait_before_next_code
from tenant_apps.identity.sign_in import Attempt
from tenant_apps.identity.stages import EnrolmentStage, SecondFactorStage, pending_page, pending_second_factor
from tenant_apps.identity.totp import DIGITS
from tenant_apps.identity.views.sign_in import empty_form, said_of, show_first_step
from tenant_apps.messaging.count_sms import sms_are_spent
from tenants.policy.document import Policy

RESENT, TOO_SOON = "envoye", "trop-tot"
# The box to tick: no second step on this browser for some days.
TRUST = "trust"


@never_cache
@sensitive_post_parameters("code", "positions", "draw")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """A code sent by SMS or computed by an application, or a PIN."""
    stage = pending_second_factor(request)
    if stage is None:
        return redirect(pending_page(request))
    if stage.user is None and not stage.blind:
        # The account has changed since the first step: it is to be passed again.
        return stage.give_up()
    if request.method != "POST":
        return _asked(request, stage)
    form = code_form(stage, request.POST)
    tries_left, next_wait = stage.last_try, None
    # A missing code is a try as well.
    if form.is_valid() or form.has_error("code", "required"):
        check = _check(request, stage, code=form.cleaned_data.get("code", ""))
        if check.device is not None:
            return stage.passed(check, trusted=TRUST in request.POST)
        if check.locked:
            return locked_out(request, stage, check, said=_refusal(stage))
        if form.is_valid():
            form.add_error("code", _refusal(stage))
        tries_left, next_wait = said_of(check.tries_left, rules=stage.rules), check.next_wait
    return show_refused(request, form, tries_left=tries_left, next_wait=next_wait)


def show_refused(
    request: HttpRequest, form: Form, *, tries_left: int | None, next_wait: timedelta | None
) -> HttpResponse:
    """Back on the page of the second step, whatever was tried."""
    said = refused(form=form, tries_left=tries_left, next_wait=next_wait)
    return redirect(f"{reverse('second_step')}?{in_address(request=request, what=said)}")


def _asked(request: HttpRequest, stage: SecondFactorStage) -> HttpResponse:
    """The page, with what the last try was told where the address says it."""
    said = from_address(request=request)
    form = code_form(stage, None if said is None else QueryDict())
    if said is not None:
        said.add_to(form)
    context = {
        **_context(stage),
        "form": form,
        "keypads": form.keypads() if isinstance(form, PinForm) else None,
        "tries_left": said.tries_left if said else stage.last_try,
        "next_wait": said.next_wait if said else None,
        "resent": RESENT in request.GET,
        "too_soon": TOO_SOON in request.GET,
    }
    return render(request, "identity/second_step.html", context)


@never_cache
@require_POST
def second_step_resend(request: HttpRequest) -> HttpResponse:
    """Send another code, when the policy allows one already."""
    stage = pending_second_factor(request)
    if stage is None:
        return redirect(pending_page(request))
    return redirect(reverse("second_step") + f"?{RESENT if stage.send_again() else TOO_SOON}=1")


@never_cache
@require_POST
def second_step_switch(request: HttpRequest) -> HttpResponse:
    """Another of the person's own second factors."""
    stage = pending_second_factor(request)
    if stage is None:
        return redirect(pending_page(request))
    wanted = next((method for method in stage.devices if method == request.POST.get("method")), None)
    # Blind, one page takes any code: to say which devices there are would say that the secret was right.
    if wanted is None or stage.blind:
        raise Http404
    stage.choose(wanted)
    stage.send()
    return redirect("second_step")


def code_form(stage: SecondFactorStage, data: QueryDict | None) -> CodeForm | PinForm:
    """`data`: without a single field, one to which an error can be added."""
    if stage.method == "pin":
        return PinForm(data, length=stage.rules.secret.pin.length, now=timezone.now())
    lengths = {"sms": stage.rules.second_factor.sms.code_length, "totp": DIGITS}
    asked = stage.methods or ("sms",)
    return CodeForm(data, lengths=frozenset(lengths[method] for method in asked if method in lengths))


def _check(request: HttpRequest, stage: SecondFactorStage, *, code: str) -> CodeCheck:
    return check_code(
        user=stage.user,
        devices=stage.devices,
        methods=stage.methods,
        index=stage.index,
        first=stage.counted,
        code=code,
        policy=stage.rules,
        address=client_address(request),
        now=timezone.now(),
    )


def _refusal(stage: SecondFactorStage) -> str:
    if stage.blind:
        return wrong_somewhere(stage.rules)
    return wrong_pin() if stage.method == "pin" else wrong_code()


def wrong_somewhere(rules: Policy) -> str:
    """Blind, nobody may learn which of them it was; who typed a right code must know that it may be another."""
    if rules.secret.kind == "pin":
        return _(
            "L’identifiant, le code secret ou ce code n’est pas le bon. Vous pouvez recommencer depuis le début."
        )
    return _(
        "L’identifiant, le mot de passe ou le code n’est pas le bon. Vous pouvez recommencer depuis le début."
    )


def wrong_passkey() -> str:
    return _("Cette clé d’accès n’est pas reconnue ici. Essayez encore, ou prenez un autre moyen.")


def wrong_code() -> str:
    return _("Ce code n’est pas le bon, ou il n’est plus valable.")


def wrong_pin() -> str:
    return _("Ce code secret n’est pas le bon.")


def _context(stage: SecondFactorStage) -> dict[str, object]:
    context: dict[str, object] = {"rules": stage.rules, "realm": stage.realm, "blind": stage.blind}
    context["method"] = stage.method or ("any" if len(stage.methods) > 1 else None)
    # Blind, the caisse's policy alone says it: the same for whoever comes.
    offered = stage.blind and "passkey" in stage.rules.second_factor.methods
    context["takes_passkey"] = offered or stage.method == "passkey"
    context["takes_recovery_codes"] = are_given(policy=stage.rules)
    device = None if stage.blind else stage.sms_device
    if stage.method not in ("pin", "passkey") and "sms" in (stage.methods or ("sms",)):
        # Of the caisse as a whole: the same for whoever comes.
        context["sms_are_spent"] = sms_are_spent(now=timezone.now())
    if stage.method == "sms" and device is not None:
        now = timezone.now()
        context |= {
            "masked_phone": masked_phone(phone=device.phone),
            "can_resend_in": wait_before_next_code(device=device, policy=stage.rules, now=now),
            # The limits may have kept the code back: the page must not say that it was sent.
            "code_is_coming": device.has_live_code(now=now),
        }
    if not stage.blind:
        context["other_methods"] = [method for method in stage.devices if method != stage.method]
    return context


def locked_out(
    request: HttpRequest, stage: SecondFactorStage | EnrolmentStage, check: CodeCheck, *, said: str
) -> HttpResponse:
    """Back at the first step, which says how long to wait or whom to call."""
    clear_login(request)
    form = empty_form(realm=stage.realm, now=timezone.now())
    form.add_error(None, said)
    closed = Attempt(
        index=stage.index, refused=True, wait=check.wait, agency_only=check.agency_only, tries_left=0
    )
    return show_first_step(request, form, realm=stage.realm, attempt=closed)
