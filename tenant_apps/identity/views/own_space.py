"""What the pages of « Ma sécurité » share: under /securite/ those of clients, or of operators at the GIE's host; under
/agence/securite/ those of a caisse's staff.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from guichet.tenancy.connection import connection
from guichet.web.freshness import put_out
from tenant_apps.identity.access import clients_only, operators_only, signed_in, staff_only
from tenant_apps.identity.frames import frame_of
from tenant_apps.identity.models import User
from tenant_apps.identity.open_sessions import SessionEndedError
from tenant_apps.identity.realms import CLIENTS, STAFF, Realm, rules_of
from tenants.models import Kind
from tenants.policy.document import Policy

View = Callable[..., HttpResponse]
# The instances of `tenant_apps.identity.security_urls`.
CLIENT_SPACE, STAFF_SPACE, OPERATOR_SPACE = "security", "staff_security", "operator_security"
_GUARDS = {CLIENT_SPACE: clients_only, STAFF_SPACE: staff_only, OPERATOR_SPACE: operators_only}


def own_space(view: View) -> View:
    """For those whose place it is; to anybody else the page does not exist.

    Whose session was ended while the page was under way is out, and is asked to sign in.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = _GUARDS[_space(request)](view)(request, *args, **kwargs)
        except SessionEndedError:
            put_out(request, "elsewhere")
            return own_page(request, "overview")
        return answer

    return checked


def realm_of_user(user: User) -> Realm:
    return CLIENTS if user.kind == User.Kind.CLIENT else STAFF


def own_rules(user: User) -> Policy:
    return rules_of(realm_of_user(user))


def own_space_of(realm: Realm) -> str:
    """The address of « Ma sécurité » of who signs in there, at the host of the current caisse."""
    if connection.tenant.kind == Kind.GIE:
        return reverse(f"{OPERATOR_SPACE}:overview")
    return reverse(f"{CLIENT_SPACE if realm == CLIENTS else STAFF_SPACE}:overview")


def own_url(request: HttpRequest, page: str, **parts: Any) -> str:
    """The address of a page of the same space."""
    return reverse(f"{CLIENT_SPACE}:{page}", kwargs=parts or None, current_app=_space(request))


def own_page(request: HttpRequest, page: str, *, done: str = "", **parts: Any) -> HttpResponse:
    """To that page; `done`: what it then says of the act, by a code in its address."""
    address = own_url(request, page, **parts)
    return redirect(f"{address}?fait={done}" if done else address)


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """In the frame that this person knows."""
    user = signed_in(request)
    own = {"rules": own_rules(user), "realm": realm_of_user(user), "frame": frame_of(user)}
    return render(request, template, {**own, **context})


def _space(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.namespace if match else CLIENT_SPACE
