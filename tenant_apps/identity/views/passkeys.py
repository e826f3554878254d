"""Passkeys at the sign-in: instead of both steps, or as the second one."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guichet.web.errors import too_many
from guichet.web.proxies import client_address
from tenant_apps.identity.access import landing_of
from tenant_apps.identity.ceremonies import answer_of, draw_challenge, relying_party
from tenant_apps.identity.models import User
from tenant_apps.identity.passkeys import request_options, signed_by
from tenant_apps.identity.realms import CLIENTS, STAFF, Realm, rules_of
from tenant_apps.identity.second_step import try_second_step
from tenant_apps.identity.sign_in_by_passkey import PURPOSE, attempt_by_passkey, brake_on_questions
from tenant_apps.identity.stage import WHO
from tenant_apps.identity.stages import SecondFactorStage, pending_page, pending_second_factor
from tenant_apps.identity.views.second_step import code_form, locked_out, show_refused, wrong_passkey
from tenant_apps.identity.views.sign_in import empty_form, enter_pipeline, said_of, show_first_step
from tenants.models import Kind


@never_cache
@require_POST
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """A challenge for whoever comes."""
    rules, now = rules_of(_realm_with_passkeys(request)), timezone.now()
    wait = brake_on_questions(policy=rules, address=client_address(request), now=now)
    if wait is not None:
        return too_many(request, wait=wait)
    return ask(request, purpose=PURPOSE)


@never_cache
@sensitive_post_parameters("credential")
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """No identifier is typed: the passkey says whose it is."""
    realm, now = _realm_with_passkeys(request), timezone.now()
    if isinstance(request.user, User):
        return redirect(landing_of(request.user))
    rules = rules_of(realm)
    found = attempt_by_passkey(
        answer=answer_of(request, purpose=PURPOSE, now=now),
        realm=realm,
        policy=rules,
        address=client_address(request),
        now=now,
    )
    if found.attempt.braked_for is not None:
        return too_many(request, wait=found.attempt.braked_for)
    if found.device is not None:
        return enter_pipeline(request, found.attempt, realm=realm, proved=found.device)
    form = empty_form(realm=realm, now=now)
    form.add_error(None, wrong_passkey())
    return show_first_step(request, form, realm=realm, attempt=found.attempt)


@never_cache
@require_POST
def second_step_options(request: HttpRequest) -> HttpResponseBase:
    """The same question to somebody, to somebody without a passkey, and to nobody."""
    stage = pending_second_factor(request)
    if stage is None:
        return redirect(pending_page(request))
    _takes_passkeys(stage)
    return ask(request, purpose=_purpose(stage))


@never_cache
@sensitive_post_parameters("credential")
@require_POST
def second_step(request: HttpRequest) -> HttpResponse:
    """Counted like any code, and answered on the page where it was asked."""
    stage = pending_second_factor(request)
    if stage is None:
        return redirect(pending_page(request))
    _takes_passkeys(stage)
    if stage.user is None and not stage.blind:
        # The account has changed since the first step: it is to be passed again.
        return stage.give_up()
    now = timezone.now()
    answer = answer_of(request, purpose=_purpose(stage), now=now)
    check = try_second_step(
        user=stage.user,
        index=stage.index,
        first=stage.counted,
        look=lambda owner: signed_by(answer=answer, owner=owner, anybody=False, now=now),
        policy=stage.rules,
        address=client_address(request),
        now=now,
    )
    if check.device is not None:
        return stage.passed(check)
    if check.locked:
        return locked_out(request, stage, check, said=wrong_passkey())
    form = code_form(stage, QueryDict())
    form.errors.clear()
    form.add_error(None, wrong_passkey())
    said = said_of(check.tries_left, rules=stage.rules)
    return show_refused(request, form, tries_left=said, next_wait=check.next_wait)


def ask(request: HttpRequest, *, purpose: str) -> JsonResponse:
    """For `navigator.credentials.get`."""
    challenge = draw_challenge(request.session, purpose=purpose, now=timezone.now())
    return JsonResponse(request_options(challenge=challenge, party=relying_party(request)))


def _realm_with_passkeys(request: HttpRequest) -> Realm:
    at_gie = request.tenant.kind == Kind.GIE  # type: ignore[attr-defined]  # set by TenantMiddleware
    realm: Realm = STAFF if at_gie else CLIENTS
    if not rules_of(realm).secret.passkey_alone:
        raise Http404
    return realm


def _takes_passkeys(stage: SecondFactorStage) -> None:
    if "passkey" not in stage.rules.second_factor.methods:
        raise Http404


def _purpose(stage: SecondFactorStage) -> str:
    """Of this half-finished sign-in: what names who it is was sealed for it alone."""
    return f"second-step:{stage.login.state[WHO]}"
