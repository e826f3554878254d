"""A suspended caisse answers 503, before any sign-in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from guichet.web.errors import suspended
from tenants.models import State

# What must answer all the same: the look of the 503 page itself, and providers, who say a thing once.
ANSWERED = ("/marque/", "/retours/")


class SuspensionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.tenant.state == State.SUSPENDED and not request.path_info.startswith(ANSWERED):  # type: ignore[attr-defined]  # TenantMiddleware
            return suspended(request)
        return self.get_response(request)
