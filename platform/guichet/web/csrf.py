"""A CSRF cookie that is good for one caisse only."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, InvalidTokenFormat

from guichet.tenancy.connection import connection
from guichet.tenancy.signing import keyring

PURPOSE = "csrf-cookie"
MARK = "."
# The cookie of this request with its digest, once found right: a page that renews it has nothing to compute.
CHECKED = "guichet.csrf"


class TenantCsrfMiddleware(CsrfViewMiddleware):
    """Django's check, whose cookie also carries a keyed digest made for this caisse.

    A pair of cookie and token taken at one caisse, or planted by a sibling domain, is refused here.
    """

    def _get_secret(self, request: HttpRequest) -> str | None:
        name = self._cookie_name()
        cookie = request.COOKIES.get(name)
        if cookie is None:
            return None
        secret, _, mac = cookie.partition(MARK)
        ring = keyring()
        if not ring.matches(self._bound(secret), mac, purpose=PURPOSE):
            raise InvalidTokenFormat("the cookie was not made for this caisse")
        # While the master key is being replaced, the next page that sets the cookie makes its digest anew.
        if not ring.is_changing:
            request.META[CHECKED] = (secret, mac)
        request.COOKIES[name] = secret
        try:
            found: str | None = super()._get_secret(request)  # type: ignore[misc]  # Django's own, which its stubs leave out
        finally:
            request.COOKIES[name] = cookie
        return found

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponse) -> None:
        super()._set_csrf_cookie(request, response)  # type: ignore[misc]  # Django's own, which its stubs leave out
        morsel = response.cookies[self._cookie_name()]
        secret = morsel.value
        known, mac = request.META.get(CHECKED, ("", ""))
        if known != secret:
            mac = keyring().digest(self._bound(secret), purpose=PURPOSE)
        morsel.set(morsel.key, secret + MARK + mac, secret + MARK + mac)

    @staticmethod
    def _cookie_name() -> str:
        return settings.CSRF_COOKIE_NAME

    @staticmethod
    def _bound(secret: str) -> str:
        return f"{connection.schema_name}:{secret}"
