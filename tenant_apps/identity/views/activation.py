"""The first connection: by a link, by the code of a letter, or asked for by identifier. Staff have a link alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from guichet.web.errors import too_many
from guichet.web.freshness import begin_opening
from guichet.web.proxies import client_address
from tenant_apps.identity.access import landing_of, sign_in_page
from tenant_apps.identity.access_codes import (
    KEPT_FROM_REQUESTS,
    code_of_digest,
    letters_are_awaited,
    link_digest,
)
from tenant_apps.identity.activate import ActivationClosedError, activate, note_closed, note_opened
from tenant_apps.identity.ask_activation import ask_activation
from tenant_apps.identity.forms.activation import AskForm, LetterCodeForm
from tenant_apps.identity.letter_code import try_letter_code
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.realms import CLIENTS, Realm, realm_of_user, rules_of
from tenant_apps.identity.sign_in import Attempt
from tenant_apps.identity.views.new_secret import (
    chosen_secret,
    new_secret_form,
    personal_refusal,
    show_new_secret,
)
from tenant_apps.identity.views.robots import after_work, is_proven, show_work
from tenant_apps.identity.views.sign_in import ACTIVATED, enter_pipeline, posted, standing

Screen = Callable[..., HttpResponse]
# What the session keeps of a link that was opened, or of a code that was right: its digest.
CODE = "guichet_access_code"
_MASKED = "/premiere-connexion/lien/…/"


def offered(way: Literal["letter", "request"]) -> Callable[[Screen], Screen]:
    """Not found where the caisse has no such way; whoever is in has no business there."""

    def decorate(view: Screen) -> Screen:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not (_takes_letters() if way == "letter" else rules_of(CLIENTS).activation.asked_by_client):
                raise Http404
            if isinstance(request.user, User):
                return redirect(landing_of(request.user))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _takes_letters() -> bool:
    """By the policy, or because somebody was sent one by exception: the page is then there for everybody."""
    return letters_are_awaited(policy=rules_of(CLIENTS), now=timezone.now())


@never_cache
@after_work
@require_http_methods(["GET", "HEAD", "POST"])
@offered("request")
def ask(request: HttpRequest) -> HttpResponse:
    """By identifier: the answer is the same whoever has it."""
    rules = rules_of(CLIENTS)
    form = AskForm(posted(request), policy=rules)
    if request.method == "POST" and form.is_valid():
        outcome = ask_activation(
            identifier=form.cleaned_data["identifier"],
            policy=rules,
            address=client_address(request),
            now=timezone.now(),
            proven=is_proven(request),
        )
        if outcome.asks_work:
            return show_work(request)
        if outcome.braked_for is not None:
            return too_many(request, wait=outcome.braked_for)
        return redirect("activation_asked")
    context = {"form": form, "rules": rules, "takes_letters": _takes_letters()}
    return render(request, "identity/activation/ask.html", context)


@never_cache
@require_safe
@offered("request")
def asked(request: HttpRequest) -> HttpResponse:
    """What comes next, if there is somebody for it to come to."""
    rules = rules_of(CLIENTS)
    by_post = "letter_code" in rules.activation.sends
    context = {"rules": rules, "kept": KEPT_FROM_REQUESTS, "by_post": by_post}
    return render(request, "identity/activation/asked.html", context)


@never_cache
@after_work
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@offered("letter")
def letter(request: HttpRequest) -> HttpResponse:
    """The identifier and the code that came by post."""
    rules = rules_of(CLIENTS)
    form = LetterCodeForm(posted(request), policy=rules)
    attempt: Attempt | None = None
    if request.method == "POST" and form.is_valid():
        tried = try_letter_code(
            **form.cleaned_data,
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
        if tried.code is not None:
            request.session.flush()
            request.session[CODE] = tried.code.digest
            begin_opening(request)
            return redirect("choose_secret")
        form.add_error(None, _("L’identifiant ou le code n’est pas le bon, ou le code n’est plus valable."))
    context = {"form": form, "rules": rules, **standing(attempt, rules=rules)}
    return render(request, "identity/activation/letter.html", context)


@never_cache
@sensitive_variables("token")
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Consumes nothing: mail scanners open links. The address that follows says nothing, nor does a log."""
    request.path = request.path_info = _MASKED
    code, now = code_of_digest(digest=link_digest(token)), timezone.now()
    if "email_link" not in rules_of(_realm(code)).activation.sends:
        raise Http404
    if code is None or not code.is_live(now=now) or not code.user.may_activate:
        # Nothing is remembered of what opens nothing.
        if code is not None:
            note_closed(code=code, address=client_address(request), now=now)
        return _closed(request, realm=_realm(code))
    # Not in a session that somebody else may have handed to this browser.
    request.session.flush()
    request.session[CODE] = code.digest
    begin_opening(request)
    response = redirect("choose_secret")
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """A secret of one's own, behind a link or after a code."""
    digest = request.session.get(CODE)
    if digest is None:
        return redirect("sign_in")
    code, now, address = code_of_digest(digest=digest), timezone.now(), client_address(request)
    realm = _realm(code)
    rules = rules_of(realm)
    if code is None or not code.is_live(now=now) or not code.user.may_activate:
        if code is not None:
            note_closed(code=code, address=address, now=now)
        return _closed(request, realm=realm)
    note_opened(code=code, address=address, now=now)
    form = new_secret_form(request, user=code.user, rules=rules, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            user = activate(code=code, secret=chosen_secret(form), policy=rules, address=address, now=now)
        except ActivationClosedError:
            return _closed(request, realm=realm)
        return _activated(request, user, code)
    refused = personal_refusal(
        request, form, opening=code, rules=rules, closed=lambda: _closed(request, realm=realm)
    )
    if refused is not None:
        return refused
    typed = code.kind == AccessCode.Kind.LETTER
    return show_new_secret(request, form, user=code.user, rules=rules, typed=typed, leave=False)


def _activated(request: HttpRequest, user: User, code: AccessCode) -> HttpResponse:
    """Who typed the identifier and the code has typed all that a sign-in asks; behind a link nobody typed anything."""
    if code.kind == AccessCode.Kind.LETTER:
        return enter_pipeline(request, Attempt(index=user.login_index, user=user), realm=CLIENTS)
    request.session.flush()
    return redirect(reverse(sign_in_page(realm=realm_of_user(user))) + f"?{ACTIVATED}=1")


def _realm(code: AccessCode | None) -> Realm:
    """Whose rules hold: what nobody was sent is answered as a client's would be."""
    return realm_of_user(code.user) if code else CLIENTS


def _closed(request: HttpRequest, *, realm: Realm) -> HttpResponse:
    """Of a link that has served, that has lapsed, or that nobody sent: nothing says which, nor whose.

    The session is left as it is: a second click must not write to one that the first has just ended.
    """
    context = {"rules": rules_of(realm), "realm": realm, "page": reverse(sign_in_page(realm=realm))}
    return render(request, "identity/activation/closed.html", context, status=410)
