"""Recovery codes at the sign-in: shown once after an enrolment, typed by who has lost the phone."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guichet.web.proxies import client_address
from tenant_apps.identity.forms.recovery_code import RecoveryCodeForm
from tenant_apps.identity.models import User
from tenant_apps.identity.recovery_codes import are_given, use_code
from tenant_apps.identity.recovery_codes_stage import pending_recovery_codes
from tenant_apps.identity.second_step import CodeCheck, try_second_step
from tenant_apps.identity.stages import SecondFactorStage, pending_page, pending_second_factor
from tenant_apps.identity.views.own_space import own_space_of
from tenant_apps.identity.views.second_step import locked_out, wrong_code, wrong_somewhere
from tenant_apps.identity.views.sign_in import posted, said_of


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_code(request: HttpRequest) -> HttpResponse:
    """« Je n’ai plus mon téléphone »: the same page to who has codes, to who has none, and to nobody."""
    stage = pending_second_factor(request)
    if stage is None:
        return redirect(pending_page(request))
    if not are_given(policy=stage.rules):
        raise Http404
    if stage.user is None and not stage.blind:
        # The account has changed since the first step: it is to be passed again.
        return stage.give_up()
    form = RecoveryCodeForm(posted(request))
    tries_left, next_wait = stage.last_try, None
    # A missing code is a try as well.
    if request.method == "POST" and (form.is_valid() or form.has_error("code", "required")):
        check = _check(request, stage, typed=form.cleaned_data.get("code", ""))
        if check.passed:
            # To replace what is lost.
            stage.login.redirect_url = f"{own_space_of(stage.realm)}?fait=secours"
            return stage.passed(check)
        if check.locked:
            return locked_out(request, stage, check, said=_refusal(stage))
        if form.is_valid():
            form.add_error("code", _refusal(stage))
        tries_left, next_wait = said_of(check.tries_left, rules=stage.rules), check.next_wait
    context = {
        "rules": stage.rules,
        "realm": stage.realm,
        "form": form,
        "tries_left": tries_left,
        "next_wait": next_wait,
    }
    return render(request, "identity/recovery_code.html", context)


def _refusal(stage: SecondFactorStage) -> str:
    return wrong_somewhere(stage.rules) if stage.blind else wrong_code()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """To print or to write down; then into the space."""
    stage = pending_recovery_codes(request)
    if stage is None:
        return redirect(pending_page(request))
    user = stage.user
    if user is None:
        return stage.give_up()
    if request.method == "POST":
        return stage.go_in(user)
    context = {"rules": stage.rules, "realm": stage.realm, "codes": stage.codes}
    return render(request, "identity/enrolment/recovery_codes.html", context)


def _check(request: HttpRequest, stage: SecondFactorStage, *, typed: str) -> CodeCheck:
    now = timezone.now()

    def look(owner: User) -> bool:
        return use_code(user=owner, typed=typed, now=now)

    return try_second_step(
        user=stage.user,
        index=stage.index,
        first=stage.counted,
        look=look,
        policy=stage.rules,
        address=client_address(request),
        now=now,
    )
