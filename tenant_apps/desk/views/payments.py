"""Card payments at the counter: the day's, those that are held, what goes back, the file for the accountant."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guichet.tenancy.connection import connection
from tenant_apps.desk.days import day_of
from tenant_apps.desk.export_payments import note_payments_export, payments_csv
from tenant_apps.desk.payment_forms import APPLY, HeldForm, SpanForm
from tenant_apps.desk.payment_lines import (
    dispute_line,
    dispute_lines,
    held_line_view,
    held_line_views,
    refund_lines,
    report_words,
)
from tenant_apps.desk.views.account import posted
from tenant_apps.desk.wording import DONE
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.payments.domain.reasons import NO_ACT
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.presentation import shown_all
from tenant_apps.payments.products import with_product
from tenant_apps.payments.selectors import (
    NoSuchPaymentError,
    captured_page,
    captured_sum,
    disputes,
    disputes_of,
    held_line,
    held_page,
    latest_refunds,
    report_of,
    span_of,
)
from tenant_apps.payments.services.held import DisputedError, apply_held, refund_held

A_PAGE, REFUNDS_SHOWN, DISPUTES_SHOWN = 25, 25, 50


@never_cache
@require_safe
@staff_only
@with_product
def day(request: HttpRequest) -> HttpResponse:
    """What was captured on a day, and whether the provider says the same."""
    today = timezone.localdate()
    chosen = min(day_of(request.GET.get("jour", ""), today=today), today)
    span = span_of(day=chosen)
    page = captured_page(span=span, number=request.GET.get("page", "1"), size=A_PAGE)
    report = report_of(day=chosen)
    context = {
        "held_count": held_page(number="1", size=A_PAGE).paginator.count,
        "day": chosen,
        "before": chosen - timedelta(days=1),
        "after": chosen + timedelta(days=1) if chosen < today else None,
        "page": page,
        "query": f"jour={chosen.isoformat()}",
        "payments": [
            {"client": each.client, "view": view, "at": each.captured_at, "dispute": dispute_line(each)}
            for each, view in zip(page, shown_all(page), strict=True)
        ],
        "total": captured_sum(span=span),
        "disputes": dispute_lines(disputes_of(span=span, limit=DISPUTES_SHOWN)),
        "report": report,
        "differences": report_words(report) if report else [],
        "form": SpanForm(initial={"since": chosen.replace(day=1), "until": chosen}),
    }
    return render(request, "desk/payments.html", context)


@never_cache
@require_safe
@staff_only
@with_product
def held(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, oldest first; then what goes back, newest first."""
    page = held_page(number=request.GET.get("page", "1"), size=A_PAGE)
    context = {
        "page": page,
        "held": held_line_views(page),
        "refunds": refund_lines(latest_refunds(limit=REFUNDS_SHOWN)),
        "disputes": dispute_lines(disputes(limit=DISPUTES_SHOWN)),
        "done": DONE.get(request.GET.get("fait", "")),
    }
    return render(request, "desk/payments_held.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
def settle(request: HttpRequest, uuid: UUID, position: int) -> HttpResponse:
    """Decide on one sum, once."""
    try:
        line = held_line(payment=uuid, position=position)
    except NoSuchPaymentError as error:
        raise Http404 from error
    form = HeldForm(posted(request), may_apply=line.kind not in NO_ACT)
    if line.state == LineState.HELD and form.is_valid():
        act = apply_held if form.cleaned_data["act"] == APPLY else refund_held
        by, reason, now = signed_in(request).uuid, form.written_reason, timezone.now()
        try:
            done = act(payment=uuid, position=position, by=by, reason=reason, now=now)
        except DisputedError:
            code = "somme-contestee"
        else:
            code = ("somme-utilisee" if act is apply_held else "somme-rendue") if done else "somme-reste"
        return redirect(f"{reverse('desk_payments_held')}?fait={code}")
    context = {
        "line": held_line_view(line),
        "dispute": dispute_line(line.payment),
        "client": line.payment.client,
        "form": form,
        "still_held": line.state == LineState.HELD,
    }
    return render(request, "desk/payment_settle.html", context)


@never_cache
@require_POST
@staff_only
@with_product
def export(request: HttpRequest) -> HttpResponse:
    """A POST, since it leaves a line in the journal."""
    form = SpanForm(request.POST)
    if not form.is_valid():
        return render(request, "desk/payments_export.html", {"form": form})
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    note_payments_export(since=since, until=until, by=signed_in(request).uuid)
    lines = payments_csv(since=since, until=until, caisse=connection.tenant, language=get_language() or "fr")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"paiements-{connection.schema_name}-{since:%Y-%m-%d}-{until:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]  # what guards the view only hands it on
