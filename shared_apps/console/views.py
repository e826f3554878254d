"""The console's screens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenant_apps.identity.access import operators_only
from tenants.selectors import all_caisses


@never_cache
@require_safe
@operators_only
def home(request: HttpRequest) -> HttpResponse:
    """The caisses with their state and the version of their policy. Nothing of their clients."""
    rows = [
        {
            "name": caisse.name,
            "town": caisse.town,
            "kind": caisse.kind,
            "state": caisse.state,
            "policy_version": caisse.policy_version,
            "domain": host,
        }
        for caisse, host in all_caisses()
    ]
    return render(request, "console/home.html", {"caisses": rows})
