"""A forgotten identifier: what the file says is typed, and the identifier comes by mail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.web.errors import too_many
from guichet.web.proxies import client_address
from tenant_apps.identity.ask_identifier import ask_identifier
from tenant_apps.identity.forms.forgotten_identifier import ForgottenIdentifierForm
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.identity.views.offered import offered
from tenant_apps.identity.views.robots import after_work, is_proven, show_work
from tenant_apps.identity.views.sign_in import posted


@never_cache
@after_work
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@offered(lambda rules: bool(rules.recovery.identifier_asks))
def ask(request: HttpRequest) -> HttpResponse:
    """The answer is the same whatever is typed."""
    rules = rules_of(CLIENTS)
    form = ForgottenIdentifierForm(posted(request), policy=rules)
    if request.method == "POST" and form.is_valid():
        outcome = ask_identifier(
            typed=form.typed,
            policy=rules,
            address=client_address(request),
            now=timezone.now(),
            proven=is_proven(request),
        )
        if outcome.asks_work:
            return show_work(request)
        if outcome.braked_for is not None:
            return too_many(request, wait=outcome.braked_for)
        return redirect("identifier_asked")
    return render(request, "identity/recovery/identifier.html", {"form": form, "rules": rules})


@never_cache
@require_safe
@offered(lambda rules: bool(rules.recovery.identifier_asks))
def asked(request: HttpRequest) -> HttpResponse:
    """What comes next, if there is somebody for it to come to."""
    return render(request, "identity/recovery/identifier_asked.html", {"rules": rules_of(CLIENTS)})
