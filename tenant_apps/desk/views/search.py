"""Find a client."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tenant_apps.desk.forms import SearchForm
from tenant_apps.desk.selectors import SHOWN, find_clients
from tenant_apps.identity.access import staff_only
from tenants.policy.current import current_policy


@never_cache
@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def search(request: HttpRequest) -> HttpResponse:
    """One box; the answer to the POST is the list itself.

    What is typed may be a NIR or a name: in an address it would stand in the history of the counter's browser, in
    the logs of the proxies, and in the referrer of the next page. A redirect would have to carry it too, or keep it
    in the session's row, in clear.
    """
    posted = request.method == "POST"
    form = SearchForm(request.POST if posted else None)
    context: dict[str, object] = {"form": form, "shown": SHOWN}
    if posted and form.is_valid():
        found = find_clients(typed=form.cleaned_data["words"], policy=current_policy())
        context |= {"searched": True, "clients": found.clients, "more": found.more}
    return render(request, "desk/search.html", context)
