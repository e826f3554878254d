"""A forgotten secret: a link, a code, or both, then a new one."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from guichet.tenancy.connection import connection
from guichet.web.errors import too_many
from guichet.web.freshness import begin_opening
from guichet.web.proxies import client_address
from tenant_apps.identity.forms.recovery import CodeForm, IdentifiedCodeForm
from tenant_apps.identity.models import Recovery
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.identity.recover import (
    RecoveryClosedError,
    may_recover,
    note_closed,
    note_opened,
    recover,
)
from tenant_apps.identity.recoveries import (
    link_digest,
    recovery_of_code,
    recovery_of_link,
)
from tenant_apps.identity.recovery_code import try_recovery_code
from tenant_apps.identity.selectors import login_index
from tenant_apps.identity.sign_in import Attempt
from tenant_apps.identity.standing import Access
from tenant_apps.identity.views.ask_recovery import ASKED, by_post, next_request
from tenant_apps.identity.views.new_secret import (
    CodeShape,
    NewSecretForm,
    chosen_secret,
    new_secret_form,
    personal_refusal,
    show_new_secret,
    unsay,
)
from tenant_apps.identity.views.offered import offered
from tenant_apps.identity.views.robots import after_work, is_proven, show_work
from tenant_apps.identity.views.sign_in import posted, standing
from tenants.models import Kind
from tenants.policy.document import Policy

# What the session keeps: the digest of a link that was opened, or which code was right.
LINK, PROVEN = "guichet_recovery_link", "guichet_recovery_proven"
# In the address of the last page, when a lock has stayed: who opens it.
STAYS_CLOSED = "ferme"
_OPENED_BY = {Access.CLOSED: "agence", Access.WAITS: "attente"}
_MASKED = "/secret-oublie/lien/…/"


@never_cache
@after_work
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@offered(lambda rules: rules.recovery.code_alone)
def code(request: HttpRequest) -> HttpResponse:
    """The code; with the identifier, when it was not typed just before."""
    rules = rules_of(CLIENTS)
    index: str | None = request.session.get(ASKED)
    form = _code_form(request, rules=rules, known=index is not None)
    attempt: Attempt | None = None
    if request.method == "POST" and form.is_valid():
        tried = try_recovery_code(
            index=index or login_index(realm=CLIENTS, identifier=form.cleaned_data["identifier"]),
            code=form.cleaned_data["code"],
            policy=rules,
            address=client_address(request),
            now=timezone.now(),
            proven=is_proven(request),
        )
        attempt = tried.attempt
        if attempt.asks_work:
            return show_work(request)
        if attempt.braked_for is not None:
            return too_many(request, wait=attempt.braked_for)
        if tried.recovery is not None:
            # Not in a session that somebody else may have handed to this browser.
            request.session.flush()
            request.session[PROVEN] = tried.recovery.pk
            begin_opening(request)
            return redirect("recovery_choose")
        form.add_error(None, _("Ce code n’est pas le bon, ou il n’est plus valable."))
        if by_post(rules):
            form.add_error(
                None, _("Après plusieurs codes faux, un code venu par courrier ne marche que le lendemain.")
            )
    context = {
        "form": form,
        "rules": rules,
        "known": index is not None,
        **next_request(rules),
        **standing(attempt, rules=rules),
    }
    return render(request, "identity/recovery/code.html", context)


@never_cache
@sensitive_variables("token")
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Consumes nothing: mail scanners open links. The address that follows says nothing, nor does a log."""
    request.path = request.path_info = _MASKED
    at_caisse = connection.tenant.kind == Kind.CAISSE
    if not at_caisse or not any("email_link" in way for way in rules_of(CLIENTS).recovery.ways):
        raise Http404
    recovery = recovery_of_link(digest=link_digest(token))
    if recovery is None or not may_recover(recovery=recovery, now=timezone.now()):
        # Nothing is remembered of what opens nothing.
        return _closed(request, recovery)
    # Not in a session that somebody else may have handed to this browser.
    request.session.flush()
    request.session[LINK] = recovery.link_digest
    begin_opening(request)
    response = redirect("recovery_choose")
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """A new secret, behind a link or after a code; with the code behind the link, where the policy asks for both."""
    if LINK not in request.session and PROVEN not in request.session:
        return redirect("sign_in")
    recovery, now, rules = _of_session(request), timezone.now(), rules_of(CLIENTS)
    if recovery is None or not may_recover(recovery=recovery, now=now):
        return _closed(request, recovery)
    address = client_address(request)
    note_opened(recovery=recovery, address=address, now=now)
    form = _new_secret_form(request, recovery, rules=rules, now=now)
    if request.method == "POST":
        answer = _judged(request, form, recovery=recovery, rules=rules)
        if answer is not None:
            return answer
    return show_new_secret(
        request, form, user=recovery.user, rules=rules, typed=PROVEN in request.session, leave=False
    )


@never_cache
@require_safe
@offered(lambda rules: rules.recovery.by_client)
def done(request: HttpRequest) -> HttpResponse:
    """It is done, and leads to the sign-in. The address says whether a lock has stayed."""
    context = {"rules": rules_of(CLIENTS), "stays_closed": request.GET.get(STAYS_CLOSED, "")}
    return render(request, "identity/recovery/done.html", context)


def _code_form(request: HttpRequest, *, rules: Policy, known: bool) -> CodeForm:
    shape = CodeShape(code_rules=rules.recovery.code, code_lengths=rules.recovery.code_lengths)
    if known:
        return CodeForm(posted(request), **shape)
    return IdentifiedCodeForm(posted(request), **shape, policy=rules)


def _of_session(request: HttpRequest) -> Recovery | None:
    if LINK in request.session:
        return recovery_of_link(digest=request.session[LINK])
    return recovery_of_code(pk=request.session[PROVEN])


def _new_secret_form(
    request: HttpRequest, recovery: Recovery, *, rules: Policy, now: datetime
) -> NewSecretForm:
    if not recovery.asks_code:
        return new_secret_form(request, user=recovery.user, rules=rules, now=now)
    length = rules.recovery.code_length(recovery.proofs)
    shape = CodeShape(code_rules=rules.recovery.code, code_lengths=[length])
    form = new_secret_form(request, user=recovery.user, rules=rules, now=now, code=shape)
    by_post = "letter_code" in recovery.proofs
    form.fields["code"].label = _("Code reçu par courrier") if by_post else _("Code reçu par SMS")
    return form


def _judged(
    request: HttpRequest, form: NewSecretForm, *, recovery: Recovery, rules: Policy
) -> HttpResponse | None:
    """The code first, and only of who brings it the new secret; nothing, when the page has something to say."""
    chosen = form.is_valid()
    if recovery.asks_code:
        if "code" in form.cleaned_data:
            refused = _refused_code(request, form, recovery=recovery, rules=rules)
            if refused is not None:
                return refused
        if form.has_error("code"):
            unsay(form, but="code")
            return None
    if chosen:
        return _recover(request, recovery, secret=chosen_secret(form), rules=rules)
    return personal_refusal(
        request, form, opening=recovery, rules=rules, closed=lambda: _closed(request, recovery)
    )


def _refused_code(
    request: HttpRequest, form: NewSecretForm, *, recovery: Recovery, rules: Policy
) -> HttpResponse | None:
    """An answer that ends it; or an error in the form; or nothing, when the code is right."""
    tried = try_recovery_code(
        index=recovery.user.login_index,
        code=form.cleaned_data["code"],
        policy=rules,
        address=client_address(request),
        now=timezone.now(),
        behind=recovery,
    )
    if tried.attempt.braked_for is not None:
        return too_many(request, wait=tried.attempt.braked_for)
    if tried.recovery is not None:
        return None
    recovery.refresh_from_db(fields=["tries_left", "tries_day"])
    if recovery.is_guessed_out:
        return _closed(request, recovery)
    if not recovery.tries_left:
        form.add_error("code", _("Il y a eu trop de codes faux aujourd’hui. Essayez encore demain."))
        return None
    form.add_error(
        "code",
        ngettext(
            "Ce code n’est pas le bon. Il vous reste %(count)s essai.",
            "Ce code n’est pas le bon. Il vous reste %(count)s essais.",
            recovery.tries_left,
        )
        % {"count": recovery.tries_left},
    )
    return None


def _recover(request: HttpRequest, recovery: Recovery, *, secret: str, rules: Policy) -> HttpResponse:
    try:
        recovered = recover(
            recovery=recovery,
            secret=secret,
            policy=rules,
            address=client_address(request),
            now=timezone.now(),
        )
    except RecoveryClosedError:
        return _closed(request, None)
    request.session.flush()
    page, opened_by = reverse("recovery_done"), _OPENED_BY.get(recovered.standing.access)
    return redirect(f"{page}?{STAYS_CLOSED}={opened_by}" if opened_by else page)


def _closed(request: HttpRequest, recovery: Recovery | None) -> HttpResponse:
    """Of what has served, has lapsed, or was never sent: nothing says which, nor whose.

    The session is left as it is: a second click must not write to one that the first has just ended.
    """
    if recovery is not None:
        note_closed(recovery=recovery, address=client_address(request), now=timezone.now())
    return render(request, "identity/recovery/closed.html", {"rules": rules_of(CLIENTS)}, status=410)
