"""The front door's screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tenants.selectors import listed_caisses


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """The caisses by town, each a link to its own host on the port in use."""
    # The port of the address bar: that of the server is the proxy's business.
    _, colon, port = request.get_host().partition(":")
    tail = f"{colon}{port}" if port else ""
    caisses = [
        {
            "name": caisse.name,
            "town": caisse.town,
            "accent": caisse.accent,
            "url": f"{request.scheme}://{host}{tail}/",
        }
        for caisse, host in listed_caisses()
    ]
    return render(request, "directory/front_door.html", {"caisses": caisses})
