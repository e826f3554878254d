"""Middleware that the front door must not have: it holds neither sessions nor users.

A visitor can send any cookie to the front door; nothing there may look for its session.
"""

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse

from tenants.models import Kind


def at_front_door(request: HttpRequest) -> bool:
    return bool(request.tenant.kind == Kind.FRONT)  # type: ignore[attr-defined]  # set by TenantMiddleware


class _CaisseOnly:
    """Mixed in before a middleware of Django's."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if at_front_door(request):
            passed: HttpResponse = self.get_response(request)  # type: ignore[attr-defined]  # MiddlewareMixin's
            return passed
        response: HttpResponse = super().__call__(request)  # type: ignore[misc]  # Django's MiddlewareMixin
        return response


class SessionMiddleware(_CaisseOnly, sessions.SessionMiddleware):
    pass


class AuthenticationMiddleware(_CaisseOnly, auth.AuthenticationMiddleware):
    pass


class MessageMiddleware(_CaisseOnly, messages.MessageMiddleware):
    pass
