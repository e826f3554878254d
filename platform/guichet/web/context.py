"""What every template gets."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from guichet.web.brand import current_brand
from guichet.web.freshness import current_stay
from tenants.policy.current import current_policy


def caisse(request: HttpRequest) -> dict[str, Any]:
    """`caisse`, `policy`, `brand`, `languages`, and `stay`: what is left of the session of who is signed in."""
    return {
        "caisse": request.tenant,  # type: ignore[attr-defined]  # set by TenantMiddleware
        "policy": SimpleLazyObject(current_policy),
        "brand": SimpleLazyObject(current_brand),
        "languages": settings.LANGUAGES,
        "stay": SimpleLazyObject(lambda: current_stay(request)),
    }
