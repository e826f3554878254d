"""What pawn loans cost here, for anybody: the page that the law wants, and a loan of one's own worked out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.simulator import AMOUNT, MONTHS, SimulatorForm
from tenant_apps.pawn.tariff_page import document_today, tariff_page, worked_out


@require_safe
@with_product
def tariff(request: HttpRequest) -> HttpResponse:
    """As the law wants it shown (CMF D514-8-1)."""
    today = timezone.localdate()
    document = document_today(today=today)
    if document is None:
        return render(request, "pawn/tariff.html", {"tariff": None})
    page = tariff_page(document=document, today=today)
    # A grid that publishes TAEG alone computes nothing.
    form = None
    if page.example is not None:
        given = AMOUNT in request.GET or MONTHS in request.GET
        form = SimulatorForm(
            request.GET if given else None, document=document, initial={MONTHS: str(page.example.months)}
        )
    loan = None
    if form is not None and form.is_valid():
        asked = form.asked
        loan = worked_out(document=document, lent=asked.lent, months=asked.months, today=today)
    return render(request, "pawn/tariff.html", {"tariff": page, "form": form, "loan": loan})
