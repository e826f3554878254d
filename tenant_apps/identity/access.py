"""Who may open a screen. A wrong role gets 404: the screen does not exist for that person."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.identity.realms import STAFF, Realm
from tenants.models import Kind

View = Callable[..., HttpResponse]
_landings: dict[User.Kind, str] = {}


def register_landing(*, kind: User.Kind, page: str) -> None:
    """Called by the application whose page those people of a caisse come to."""
    _landings[kind] = page


STAFF_SIGN_IN = "/agence/connexion/"


def _only(kind: User.Kind, *, sign_in: str | None = None) -> Callable[[View], View]:
    """`sign_in`: where nobody is sent to become somebody; the settings' own page when there is none."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if signed_in(request).kind != kind:
                raise Http404
            return view(request, *args, **kwargs)

        guarded: View = login_required(checked, login_url=sign_in)
        return guarded

    return decorate


clients_only = _only(User.Kind.CLIENT)
operators_only = _only(User.Kind.OPERATOR)
staff_only = _only(User.Kind.STAFF, sign_in=STAFF_SIGN_IN)


def staff_land_elsewhere(view: View) -> View:
    """Who works here and types the address of the house comes to the agency's own page."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.kind == User.Kind.STAFF and landing_of(user) != "home":
            return redirect(landing_of(user))
        return view(request, *args, **kwargs)

    return checked


def sign_in_page(*, realm: Realm) -> str:
    """The name of the page where these people sign in, at the host of the current caisse."""
    return "staff_sign_in" if realm == STAFF and connection.tenant.kind != Kind.GIE else "sign_in"


def landing_of(user: User) -> str:
    """The name of the page that a person comes to after signing in."""
    own = _landings.get(User.Kind(user.kind)) if connection.tenant.kind == Kind.CAISSE else None
    return own or "home"


def signed_in_client(request: HttpRequest) -> Client:
    """The file of the client of a view guarded by `clients_only`."""
    client = signed_in(request).client
    if client is None:
        raise Http404
    return client


def signed_in(request: HttpRequest) -> User:
    """The user of a guarded view."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user
