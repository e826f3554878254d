"""Which pages of the way in a caisse has."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from guichet.tenancy.connection import connection
from tenant_apps.identity.access import landing_of
from tenant_apps.identity.models import User
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenants.models import Kind
from tenants.policy.document import Policy

Screen = Callable[..., HttpResponse]


def offered(has: Callable[[Policy], bool]) -> Callable[[Screen], Screen]:
    """Not found where the policy has no such way, nor at the GIE, which has no clients; whoever is in goes home."""

    def decorate(view: Screen) -> Screen:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if connection.tenant.kind != Kind.CAISSE or not has(rules_of(CLIENTS)):
                raise Http404
            if isinstance(request.user, User):
                return redirect(landing_of(request.user))
            return view(request, *args, **kwargs)

        return guarded

    return decorate
