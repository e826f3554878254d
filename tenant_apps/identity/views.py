"""The screens of the way in."""

# allauth's flows must be imported before its stages (see stages.py).
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.flows.logout import logout
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guichet.web.errors import too_many
from guichet.web.proxies import client_address
from tenant_apps.identity.forms import CodeForm, SignInForm
from tenant_apps.identity.offers import offers_of
from tenant_apps.identity.second_step import check_code, masked_phone, send_code, wait_before_next_code
from tenant_apps.identity.sign_in import CLIENTS, STAFF, Attempt, attempt_sign_in, is_blind
from tenant_apps.identity.stages import INDEX, SOURCE, TRIES_LEFT, SecondFactorStage, pending_second_factor
from tenants.models import Kind
from tenants.policy.current import current_policy

RESENT, TOO_SOON = "envoye", "trop-tot"


@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Identifier and secret."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    policy = current_policy()
    form = SignInForm(_posted(request), policy=policy)
    attempt: Attempt | None = None
    if request.method == "POST" and form.is_valid():
        attempt = attempt_sign_in(
            **form.cleaned_data,
            realm=_realm(request),
            policy=policy,
            address=client_address(request),
            now=timezone.now(),
        )
        if attempt.braked_for is not None:
            return too_many(request, wait=attempt.braked_for)
        if not attempt.refused or (is_blind(policy=policy) and not attempt.closed):
            return _enter_pipeline(request, attempt)
        form.add_error(None, _("Identifiant ou mot de passe incorrect."))
    context = {"form": form, "offers": offers_of(policy=policy), "next": request.GET.get("next", "")}
    return render(request, "identity/sign_in.html", {**context, **_standing(attempt)})


def _realm(request: HttpRequest) -> str:
    """Who signs in at this host: the GIE's own people, or clients."""
    return STAFF if request.tenant.kind == Kind.GIE else CLIENTS  # type: ignore[attr-defined]  # set by TenantMiddleware


def _posted(request: HttpRequest) -> QueryDict | None:
    """A POST without a single field is a form to mend, not a first look at it."""
    return request.POST if request.method == "POST" else None


def _enter_pipeline(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    wanted = request.POST.get("next", "")
    # A key that this browser was handed before must not lead to a half-finished sign-in.
    request.session.flush()
    login = Login(
        user=attempt.user,
        redirect_url=wanted if wanted and get_adapter(request).is_safe_url(wanted) else None,
        state={INDEX: attempt.index, SOURCE: attempt.kept_at_address, TRIES_LEFT: attempt.tries_left},
    )
    response: HttpResponse = perform_login(request, login)
    return response


def _standing(attempt: Attempt | None) -> dict[str, object]:
    """What the page says of the tries: how many remain, how long to wait, whom to call."""
    if attempt is None:
        return {}
    return {
        "wait": attempt.wait,
        "agency_only": attempt.agency_only,
        "tries_left": _said_of(attempt.tries_left),
    }


def _said_of(tries_left: int | None) -> int | None:
    """The last try is announced in every case: a block must not come as a surprise (RTS art. 4)."""
    return tries_left if current_policy().lockout.shows_tries_left or tries_left == 1 else None


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The code sent by SMS."""
    stage = pending_second_factor(request)
    if stage is None:
        return redirect("sign_in")
    policy = current_policy()
    form = CodeForm(_posted(request), length=policy.second_factor.sms.code_length)
    standing: dict[str, object] = {"tries_left": stage.last_try}
    if request.method == "POST" and form.is_valid():
        check = check_code(
            user=stage.user,
            device=stage.device,
            index=stage.index,
            source=stage.source,
            code=form.cleaned_data["code"],
            policy=policy,
            address=client_address(request),
            now=timezone.now(),
        )
        if check.device is not None and stage.user is not None:
            stage.user.otp_device = check.device
            response: HttpResponse = stage.exit()
            return response
        if check.locked:
            return _locked_out(request, wait=check.wait, agency_only=check.agency_only)
        form.add_error("code", _("Ce code n’est pas le bon, ou il n’est plus valable."))
        standing = {"tries_left": _said_of(check.tries_left)}
    standing["resent"] = request.method == "GET" and RESENT in request.GET
    standing["too_soon"] = request.method == "GET" and TOO_SOON in request.GET
    return render(request, "identity/second_step.html", {**_step_context(stage), **standing, "form": form})


@never_cache
@require_POST
def second_step_resend(request: HttpRequest) -> HttpResponse:
    """Send another code, when the policy allows one already."""
    stage = pending_second_factor(request)
    if stage is None:
        return redirect("sign_in")
    device, policy = stage.device, current_policy()
    sent = device is None or send_code(device=device, policy=policy, now=timezone.now()).sent
    # Blind: whether a code left would say whether the secret was right.
    sent = sent or is_blind(policy=policy)
    return redirect(reverse("second_step") + f"?{RESENT if sent else TOO_SOON}=1")


def _step_context(stage: SecondFactorStage) -> dict[str, object]:
    policy = current_policy()
    # Blind first: to look for a phone would take time for a right secret only.
    device = None if is_blind(policy=policy) else stage.device
    if device is None:
        return {"masked_phone": "", "can_resend_in": None}
    now = timezone.now()
    return {
        "masked_phone": masked_phone(phone=device.phone),
        "can_resend_in": wait_before_next_code(device=device, policy=policy, now=now),
        # The limits may have kept the code back: the page must not say that it was sent.
        "code_is_coming": device.has_live_code(now=now),
    }


def _locked_out(request: HttpRequest, *, wait: object, agency_only: bool) -> HttpResponse:
    clear_login(request)
    policy = current_policy()
    form = SignInForm({}, policy=policy)
    form.errors.clear()
    form.add_error(None, _("Ce code n’est pas le bon, ou il n’est plus valable."))
    context = {"form": form, "offers": offers_of(policy=policy), "wait": wait, "agency_only": agency_only}
    return render(request, "identity/sign_in.html", context)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, finished or half-finished."""
    clear_login(request)
    logout(request)
    return redirect("sign_in")
