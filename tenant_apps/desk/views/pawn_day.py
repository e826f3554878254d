"""A day's movements of pawn loans, for the accountant."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guichet.tenancy.connection import connection
from tenant_apps.desk.days import day_of
from tenant_apps.desk.export_pawn import day_csv, note_day_export
from tenant_apps.desk.pawn_forms import DayForm
from tenant_apps.desk.till import till_of
from tenant_apps.desk.views.account import posted
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.pawn.products import with_product


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
def day(request: HttpRequest) -> HttpResponse:
    """What the till should hold; a POST takes the file away, which is journalled."""
    today = timezone.localdate()
    chosen = min(day_of(request.GET.get("jour", ""), today=today), today)
    form = DayForm(posted(request), initial={"day": chosen})
    if not form.is_valid():
        context = {
            "form": form,
            "day": chosen,
            "before": chosen - timedelta(days=1),
            "after": chosen + timedelta(days=1) if chosen < today else None,
            "till": till_of(day=chosen),
        }
        return render(request, "desk/pawn/day.html", context)
    wanted = form.cleaned_data["day"]
    note_day_export(day=wanted, by=signed_in(request).uuid)
    response = StreamingHttpResponse(
        day_csv(day=wanted, caisse=connection.tenant), content_type="text/csv; charset=utf-8"
    )
    name = f"gages-{connection.schema_name}-{wanted:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]  # what guards the view only hands it on
