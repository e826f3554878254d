"""The terms of use, before the space opens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guichet.web.proxies import client_address
from tenant_apps.identity.models import User
from tenant_apps.identity.stages import pending_page
from tenant_apps.identity.terms import answer_terms
from tenant_apps.identity.terms_stage import pending_terms
from tenants.policy.document import Policy

# The buttons of the page.
ACCEPT, DECLINE = "accept", "decline"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """Accept, or go on without where the caisse lets; leaving is another form."""
    stage = pending_terms(request)
    if stage is None:
        return redirect(pending_page(request))
    user, rules = stage.user, stage.rules
    if user is None or rules.terms.version is None:
        # The account, or the policy, has changed since the first step: it is to be passed again.
        return stage.give_up()
    if request.method == "POST":
        accepted = ACCEPT in request.POST
        if accepted or (DECLINE in request.POST and not rules.terms.required):
            note_answer(request, user=user, accepted=accepted, rules=rules)
            return stage.answered(user)
    return render(request, "identity/terms.html", {"rules": rules, "lines": paragraphs(rules)})


def note_answer(request: HttpRequest, *, user: User, accepted: bool, rules: Policy) -> None:
    answer_terms(
        user=user,
        accepted=accepted,
        language=get_language() or "fr",
        policy=rules,
        address=client_address(request),
        now=timezone.now(),
    )


def paragraphs(rules: Policy) -> list[str]:
    """Of the text, in the language of the page: a blank line parts them."""
    text = rules.terms.text.for_language(get_language() or "fr")
    return [part.strip() for part in text.split("\n\n") if part.strip()]
