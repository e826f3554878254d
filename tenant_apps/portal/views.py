"""The client's home page."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenant_apps.identity.access import clients_only, signed_in_client, staff_land_elsewhere
from tenant_apps.identity.adapter import PREVIOUS_SIGN_IN
from tenant_apps.portal.products import awaited
from tenant_apps.portal.registry import cards, menu_entries
from tenants.policy.current import current_policy


@never_cache
@require_safe
@staff_land_elsewhere
@clients_only
def home(request: HttpRequest) -> HttpResponse:
    """A greeting, the last sign-in, and a card for each product of the policy."""
    client = signed_in_client(request)
    now = timezone.now()
    previous = request.session.get(PREVIOUS_SIGN_IN)
    products = current_policy().products
    found = cards(products=products)
    served = {card.product for card in found} | {entry.product for entry in menu_entries(products=products)}
    shown = [{"template": card.template, "context": card.context(client, now)} for card in found]
    context = {
        "greeting_name": client.greeting_name,
        "last_sign_in": datetime.fromisoformat(previous) if previous else None,
        "cards": shown,
        "awaited": awaited(products=products, shown=served),
    }
    return render(request, "portal/home.html", context)
