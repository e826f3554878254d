"""From plain HTTP to HTTPS, once the host is known to be ours."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from guichet.web.hosts import normal_host


class HttpsMiddleware:
    """After TenantMiddleware. Django's own redirect comes before any host is looked up, and would send a visitor to
    whatever name the request says it is for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return HttpResponsePermanentRedirect(
                f"https://{normal_host(request.get_host())}{request.get_full_path()}"
            )
        return self.get_response(request)
