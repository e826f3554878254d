"""Find a client."""

import secrets
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tenant_apps.clients.selectors import clients_of_uuids
from tenant_apps.desk.access_form import registers
from tenant_apps.desk.forms import SearchForm
from tenant_apps.desk.selectors import SHOWN, Found, find_clients
from tenant_apps.identity.access import staff_only
from tenant_apps.pawn.lists import contracts_found
from tenant_apps.pawn.presentation import shown
from tenants.policy.current import current_policy

# What the session keeps of the latest searches: whom and which contracts each found, whether there were more. Never
# what was typed.
SEARCHES, KEPT = "desk-searches", 5
RESULT = "resultat"


@never_cache
@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def search(request: HttpRequest) -> HttpResponse:
    """One box; the list comes at an address of its own, so that Back and reload bring it again.

    What is typed may be a NIR or a name: in an address it would stand in the history of the counter's browser, in
    the logs of the proxies, and in the referrer of the next page; in the session's row, in clear. So it goes no
    further than this request.
    """
    form = SearchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = find_clients(typed=form.cleaned_data["words"], policy=current_policy())
        return redirect(f"{reverse('desk')}?{RESULT}={_kept(request, found)}")
    context: dict[str, object] = {"form": form, "shown": SHOWN, "registers": registers(current_policy())}
    kept = request.session.get(SEARCHES, {}).get(request.GET.get(RESULT, ""))
    if request.method != "POST" and kept is not None:
        clients = clients_of_uuids(uuids=[UUID(each) for each in kept["clients"]])
        numbered = contracts_found(uuids=[UUID(each) for each in kept.get("contracts", ())])
        contracts = [shown(contract=each, today=timezone.localdate()) for each in numbered]
        context |= {"searched": True, "clients": clients, "more": kept["more"], "contracts": contracts}
    return render(request, "desk/search.html", context)


def _kept(request: HttpRequest, found: Found) -> str:
    """The name of a search in this session; the oldest ones go."""
    name = secrets.token_hex(4)
    searches = {**request.session.get(SEARCHES, {})}
    searches[name] = {
        "clients": [str(each.uuid) for each in found.clients],
        "more": found.more,
        "contracts": [str(each.uuid) for each in found.contracts],
    }
    request.session[SEARCHES] = dict([*searches.items()][-KEPT:])
    return name
