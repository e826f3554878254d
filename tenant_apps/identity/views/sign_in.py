"""The first step, for clients and for the people of the caisse; and the way out."""

# allauth's flows must be imported before its stages (see tenant_apps/identity/stages.py).
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.flows.logout import logout
from allauth.account.internal.stagekit import clear_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.models import Device

from guichet.web.errors import too_many
from guichet.web.freshness import ended_by, forget_ended
from guichet.web.proxies import client_address
from tenant_apps.identity.access import landing_of, sign_in_page
from tenant_apps.identity.access_codes import letters_are_awaited
from tenant_apps.identity.forms.keypad import drawn_before
from tenant_apps.identity.forms.sign_in import PinSignInForm, SignInForm
from tenant_apps.identity.models import User
from tenant_apps.identity.offers import offers_of
from tenant_apps.identity.realms import CLIENTS, STAFF, Realm, rules_of
from tenant_apps.identity.sign_in import Attempt, attempt_sign_in
from tenant_apps.identity.stage import COUNTED, INDEX, PROVED, REALM, TRIES_LEFT, begun, realm_of
from tenant_apps.identity.views.robots import after_work, is_proven, show_work
from tenants.models import Kind
from tenants.policy.document import Policy

SIGNED_OUT = "deconnecte"
# In the address of the page, when a first connection has just ended.
ACTIVATED = "actif"


@never_cache
@after_work
@sensitive_post_parameters("secret", "positions", "draw")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Clients at a caisse, operators at the GIE."""
    at_gie = request.tenant.kind == Kind.GIE  # type: ignore[attr-defined]  # set by TenantMiddleware
    return _first_step(request, realm=STAFF if at_gie else CLIENTS)


@never_cache
@after_work
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """The people of a caisse's agencies, whatever the rules for its clients are."""
    return _first_step(request, realm=STAFF)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, finished or half-finished, and goes back to the page where it began."""
    user = request.user if isinstance(request.user, User) else None
    staff = user is not None and user.kind != User.Kind.CLIENT
    page = reverse(sign_in_page(realm=STAFF if staff else realm_of(request) or CLIENTS))
    clear_login(request)
    logout(request)
    return redirect(f"{page}?{SIGNED_OUT}=1" if user else page)


def _first_step(request: HttpRequest, *, realm: Realm) -> HttpResponse:
    if isinstance(request.user, User):
        return redirect(landing_of(request.user))
    now, rules = timezone.now(), rules_of(realm)
    form = _form(posted(request), rules=rules, now=now)
    attempt: Attempt | None = None
    if request.method == "POST" and (form.is_valid() or form.lacks_secret):
        attempt = attempt_sign_in(
            identifier=form.cleaned_data["identifier"],
            # A missing secret is a try as well: nothing may be learnt for free.
            secret=form.cleaned_data.get("secret", ""),
            realm=realm,
            policy=rules,
            address=client_address(request),
            now=now,
            proven=is_proven(request),
            draw=form.draw if isinstance(form, PinSignInForm) else None,
        )
        if attempt.asks_work:
            return show_work(request, realm=realm)
        if attempt.braked_for is not None:
            return too_many(request, wait=attempt.braked_for)
        if attempt.drawn_before:
            form.add_error("secret", drawn_before())
        if form.is_valid() and (not attempt.refused or attempt.counted is not None):
            return enter_pipeline(request, attempt, realm=realm)
        if form.is_valid():
            form.add_error(None, refusal(rules))
    return show_first_step(request, form, realm=realm, attempt=attempt)


def show_first_step(
    request: HttpRequest, form: SignInForm, *, realm: Realm, attempt: Attempt | None = None
) -> HttpResponse:
    """The page of the first step; `attempt` says what becomes of the next try."""
    rules = rules_of(realm)
    context = {
        "form": form,
        "keypads": form.keypads() if isinstance(form, PinSignInForm) else None,
        "rules": rules,
        "realm": realm,
        "at_agency": sign_in_page(realm=realm) == "staff_sign_in",
        "action": reverse(sign_in_page(realm=realm)),
        "passkey_alone": rules.secret.passkey_alone,
        "offers": offers_of(policy=rules) if realm == CLIENTS else [],
        "takes_letters": realm == CLIENTS and letters_are_awaited(policy=rules, now=timezone.now()),
        "recovers": realm == CLIENTS and rules.recovery.by_client,
        "reminds": realm == CLIENTS and bool(rules.recovery.identifier_asks),
        "next": request.GET.get("next", ""),
        "signed_out": request.method == "GET" and SIGNED_OUT in request.GET,
        "ended": ended_by(request) if request.method == "GET" else None,
        "activated": request.method == "GET" and ACTIVATED in request.GET,
        **standing(attempt, rules=rules),
    }
    response = render(request, "identity/sign_in.html", context)
    if context["ended"]:
        forget_ended(response)
    return response


def empty_form(*, realm: Realm, now: datetime) -> SignInForm:
    """One to which an error can be added."""
    form = _form(QueryDict(), rules=rules_of(realm), now=now)
    form.errors.clear()
    return form


def refusal(rules: Policy) -> str:
    """The same sentence whichever of the two was wrong."""
    if rules.secret.kind == "pin":
        return _("Identifiant ou code secret incorrect.")
    return _("Identifiant ou mot de passe incorrect.")


def posted(request: HttpRequest) -> QueryDict | None:
    """A POST without a single field is a form to mend, not a first look at it."""
    return request.POST if request.method == "POST" else None


def said_of(tries_left: int | None, *, rules: Policy) -> int | None:
    """The last try is announced in every case: a block must not come as a surprise (RTS art. 4)."""
    return tries_left if rules.lockout.shows_tries_left or tries_left == 1 else None


def _form(data: QueryDict | None, *, rules: Policy, now: datetime) -> SignInForm:
    if rules.secret.kind == "pin":
        return PinSignInForm(data, policy=rules, length=rules.secret.pin.length, now=now)
    return SignInForm(data, policy=rules)


def enter_pipeline(
    request: HttpRequest, attempt: Attempt, *, realm: Realm, proved: Device | None = None
) -> HttpResponse:
    """On to the stages, as whom the attempt says. `proved`: a passkey that stands for both steps."""
    wanted = request.POST.get("next", "")
    # A key that this browser was handed before must not lead to a half-finished sign-in.
    request.session.flush()
    login = begun(
        user=attempt.user,
        clean=attempt.clean,
        redirect_url=wanted if wanted and get_adapter(request).is_safe_url(wanted) else None,
        state={
            REALM: realm,
            INDEX: attempt.index,
            COUNTED: attempt.counted.stored() if attempt.counted else None,
            TRIES_LEFT: attempt.tries_left,
            PROVED: proved.persistent_id if proved else None,
        },
    )
    response: HttpResponse = perform_login(request, login)
    return response


def standing(attempt: Attempt | None, *, rules: Policy) -> dict[str, object]:
    """What the page says of the tries: how many remain, how long to wait, whom to call."""
    if attempt is None:
        return {}
    return {
        "wait": attempt.wait,
        "agency_only": attempt.agency_only,
        "tries_left": said_of(attempt.tries_left, rules=rules),
        "next_wait": attempt.next_wait,
    }
