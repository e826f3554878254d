"""A forgotten secret, asked for by identifier."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guichet.web.errors import too_many
from guichet.web.freshness import begin_opening
from guichet.web.proxies import client_address
from tenant_apps.identity.ask_recovery import ask_recovery
from tenant_apps.identity.forms.activation import AskForm
from tenant_apps.identity.known_browser import known_as
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.identity.recoveries import kept_from_requests
from tenant_apps.identity.views.offered import offered
from tenant_apps.identity.views.robots import after_work, is_proven, show_work
from tenant_apps.identity.views.sign_in import posted
from tenants.policy.document import Policy

# What the session keeps: whose code is awaited.
ASKED = "guichet_recovery_asked"


@never_cache
@after_work
@require_http_methods(["GET", "HEAD", "POST"])
@offered(lambda rules: rules.recovery.by_client)
def ask(request: HttpRequest) -> HttpResponse:
    """By identifier: the answer is the same whoever has it."""
    rules = rules_of(CLIENTS)
    form = AskForm(posted(request), policy=rules)
    if request.method == "POST" and form.is_valid():
        outcome = ask_recovery(
            identifier=form.cleaned_data["identifier"],
            policy=rules,
            address=client_address(request),
            now=timezone.now(),
            proven=is_proven(request),
            known=known_as(request),
        )
        if outcome.asks_work:
            return show_work(request)
        if outcome.braked_for is not None:
            return too_many(request, wait=outcome.braked_for)
        if rules.recovery.begins_with_code:
            request.session[ASKED] = outcome.index
            begin_opening(request)
            return redirect("recovery_code")
        return redirect("recovery_asked")
    return render(request, "identity/recovery/ask.html", {"form": form, "rules": rules})


@never_cache
@require_safe
@offered(lambda rules: rules.recovery.by_client)
def asked(request: HttpRequest) -> HttpResponse:
    """What comes next, if there is somebody for it to come to."""
    rules = rules_of(CLIENTS)
    context = {"rules": rules, **next_request(rules)}
    return render(request, "identity/recovery/asked.html", context)


def next_request(rules: Policy) -> dict[str, object]:
    """When another would lead to something."""
    return {"kept": kept_from_requests(policy=rules), "by_post": by_post(rules)}


def by_post(rules: Policy) -> bool:
    """Whether a letter may be what comes."""
    return any("letter_code" in way for way in rules.recovery.ways)
