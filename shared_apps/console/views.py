"""The console's screens."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shared_apps.console.forms import SearchForm
from shared_apps.console.presentation import (
    OLD_AFTER,
    hosts_of,
    shown_findings,
    shown_report,
    shown_versions,
)
from shared_apps.console.selectors import caisse_of_uuid, page_of_caisses, report_of
from tenant_apps.identity.access import operators_only
from tenants.models import Caisse
from tenants.reports.figures import RECENT, figures

_EXPLAINED = {"recent": RECENT, "old_after": OLD_AFTER}


@never_cache
@require_safe
@operators_only
def home(request: HttpRequest) -> HttpResponse:
    """The caisses, what their policies say and what they report. Nothing of their clients but counts."""
    form = SearchForm(request.GET)
    # What cannot be understood is said, and narrows nothing.
    form.is_valid()
    page = page_of_caisses(words=form.words, state=form.state, page=request.GET.get("page", ""))
    context = {
        **_EXPLAINED,
        "form": form,
        "searched": bool(form.words or form.state),
        "page": page,
        "columns": [figure.column for figure in figures() if figure.column],
        "rows": [_row(caisse) for caisse in page],
    }
    return render(request, "console/caisses.html", context)


@never_cache
@require_safe
@operators_only
def caisse(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One caisse in full: figures, check, history of its policy."""
    found = caisse_of_uuid(uuid=uuid)
    if found is None:
        raise Http404
    report = report_of(caisse=found)
    context = {
        **_EXPLAINED,
        "row": _row(found),
        "findings": shown_findings(report) if report else [],
        "versions": shown_versions(report) if report else [],
    }
    return render(request, "console/caisse.html", context)


def _row(caisse: Caisse) -> dict[str, object]:
    report = report_of(caisse=caisse)
    return {
        "caisse": caisse,
        "hosts": hosts_of(caisse),
        "report": shown_report(report, version=caisse.policy_version, now=timezone.now()) if report else None,
    }
