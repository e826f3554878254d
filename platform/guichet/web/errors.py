"""Error screens, in the caisse's look when there is one."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader

from guichet.web.brand import brand_of
from guichet.web.themes import NEUTRAL, in_theme
from tenants.policy.current import policy_at_hand

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
SIGN_IN = "/connexion/"
log = logging.getLogger(__name__)


def unknown_host(request: HttpRequest) -> HttpResponse:
    """Before any caisse is known: names none."""
    return _bare(status=404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A body that is too large, or that nobody can read; a host that is no host, before any caisse is known."""
    words = {"too_large": isinstance(exception, TOO_LARGE)}
    if hasattr(request, "tenant"):
        return render(request, "errors/400.html", words, status=400)
    with in_theme(NEUTRAL):
        return HttpResponse(loader.render_to_string("errors/400_bare.html", words), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database, which may be what failed: the caisse's look only where it is at hand."""
    try:
        return _broken(_look_at_hand(request))
    except Exception:  # the look itself may be what failed, and something must be answered
        log.exception("the page of a failure failed in the look of its caisse")
        return _broken({})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and request.path_info.endswith(SIGN_IN):
        # Another tab has signed in meanwhile, and this one's form with it: there is nothing to refuse.
        return redirect(request.path_info)
    return render(request, "errors/csrf.html", status=403)


def too_many(request: HttpRequest, *, wait: timedelta) -> HttpResponse:
    response = render(request, "errors/429.html", {"wait": wait}, status=429)
    response["Retry-After"] = str(max(int(wait.total_seconds()), 1))
    return response


def suspended(request: HttpRequest) -> HttpResponse:
    response = render(request, "errors/503_suspended.html", status=503)
    response["Retry-After"] = str(settings.SUSPENDED_RETRY_SECONDS)
    return response


def _bare(*, status: int) -> HttpResponse:
    with in_theme(NEUTRAL):
        return HttpResponse(loader.render_to_string("errors/404_bare.html"), status=status)


def _look_at_hand(request: HttpRequest) -> dict[str, Any]:
    caisse = getattr(request, "tenant", None)
    policy = policy_at_hand(caisse)
    if policy is None:
        return {}
    return {"caisse": caisse, "brand": brand_of(policy.brand)}


def _broken(look: dict[str, Any]) -> HttpResponse:
    with in_theme(look["brand"].theme if look else NEUTRAL):
        return HttpResponse(loader.render_to_string("errors/500.html", look), status=500)
