"""A cookie that says that this browser has signed in as this client before."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from guichet.tenancy.signing import signer
from tenant_apps.identity.models import User

COOKIE = "guichet_known"
AGE = timedelta(days=365)


def cookie_name() -> str:
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE


def is_known(request: HttpRequest, *, user: User) -> bool:
    return known_as(request) == str(user.uuid)


def known_as(request: HttpRequest) -> str:
    """The uuid of the client who last signed in here; empty when nobody did."""
    try:
        return signer("known-browser").unsign(request.COOKIES.get(cookie_name(), ""), max_age=AGE)
    except BadSignature:
        return ""


def remember(response: HttpResponse, *, user: User) -> None:
    response.set_cookie(
        cookie_name(),
        signer("known-browser").sign(str(user.uuid)),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
