"""A screen of a product exists only where the policy names the product."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from tenants.policy.current import current_policy

PRODUCT = "documents"


def with_product(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if PRODUCT not in current_policy().products:
            raise Http404
        return view(request, *args, **kwargs)

    return checked
