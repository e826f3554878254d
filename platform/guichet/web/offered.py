"""A screen of a product exists only where the policy names the product."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from tenants.policy.current import current_policy
from tenants.policy.document import Product

Screen = Callable[..., HttpResponse]


def where_offered(product: Product) -> Callable[[Screen], Screen]:
    """Decorates a view: elsewhere its address is not found."""

    def decorate(view: Screen) -> Screen:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if product not in current_policy().products:
                raise Http404
            return view(request, *args, **kwargs)

        return checked

    return decorate
