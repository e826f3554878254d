"""What pawn loans cost here, for anybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.tariff_page import tariff_page


@require_safe
@with_product
def tariff(request: HttpRequest) -> HttpResponse:
    """As the law wants it shown (CMF D514-8-1)."""
    return render(request, "pawn/tariff.html", {"tariff": tariff_page(today=timezone.localdate())})
