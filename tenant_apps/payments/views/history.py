"""All that the client has paid, or tried to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenant_apps.identity.access import clients_only, signed_in_client
from tenant_apps.payments.presentation import shown_all
from tenant_apps.payments.products import with_product
from tenant_apps.payments.selectors import payments_page

A_PAGE = 20


@never_cache
@require_safe
@clients_only
@with_product
def payments(request: HttpRequest) -> HttpResponse:
    page = payments_page(client=signed_in_client(request), number=request.GET.get("page", "1"), size=A_PAGE)
    context = {"page": page, "payments": shown_all(page)}
    return render(request, "payments/payments.html", context)
