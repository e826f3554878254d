"""Error screens, in the caisse's look when there is one."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
log = logging.getLogger(__name__)


def unknown_host(request: HttpRequest) -> HttpResponse:
    """Before any caisse is known: names none."""
    return HttpResponse(loader.render_to_string("errors/404_bare.html"), status=404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A body that is too large, or that nobody can read. Names no caisse: none may be known yet."""
    words = {"too_large": isinstance(exception, TOO_LARGE)}
    return HttpResponse(loader.render_to_string("errors/400.html", words), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches neither the database nor the caisse: either may be what failed."""
    return HttpResponse(loader.render_to_string("errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def too_many(request: HttpRequest, *, wait: timedelta) -> HttpResponse:
    response = render(request, "errors/429.html", {"wait": wait}, status=429)
    response["Retry-After"] = str(max(int(wait.total_seconds()), 1))
    return response


def suspended(request: HttpRequest) -> HttpResponse:
    response = render(request, "errors/503_suspended.html", status=503)
    response["Retry-After"] = str(settings.SUSPENDED_RETRY_SECONDS)
    return response
