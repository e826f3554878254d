"""The journal of the caisse."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.desk.export_journal import journal_csv, note_export
from tenant_apps.desk.journal_form import JournalForm
from tenant_apps.desk.journal_lines import journal_lines
from tenant_apps.desk.selectors import NoSuchClientError, file_of
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.journal.record import record
from tenant_apps.journal.selectors import events_page

READ = "desk.journal_read"
A_PAGE, MOST = 25, 5000


@never_cache
@require_safe
@staff_only
def journal(request: HttpRequest) -> HttpResponse:
    """What happened, newest first. That it was read is journalled, as the opening of a file is."""
    form = _form(request.GET)
    context: dict[str, object] = {"form": form, "most": MOST}
    if form.is_valid():
        client, subjects = _client(form)
        wanted = form.wanted(subjects=subjects)
        record(
            kind=READ, at=timezone.now(), subject=_subject(subjects, client), by=str(signed_in(request).uuid)
        )
        page = events_page(wanted=wanted, number=request.GET.get("page", "1"), size=A_PAGE, most=MOST)
        context |= {
            "client": client,
            "page": page,
            "lines": journal_lines(events=list(page)),
            "more": page.paginator.count == MOST,
            "query": urlencode({name: form[name].data for name in form.fields if form[name].data}),
        }
    return render(request, "desk/journal.html", context)


@never_cache
@require_POST
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    """All that the filters let through, as a file: a POST, since it leaves a line in the journal."""
    form = _form(request.POST)
    if not form.is_valid():
        return render(request, "desk/journal.html", {"form": form})
    client, subjects = _client(form)
    wanted = form.wanted(subjects=subjects)
    note_export(wanted=wanted, by=signed_in(request).uuid, subject=_subject(subjects, client))
    lines = journal_csv(wanted=wanted, caisse=connection.tenant, language=get_language() or "fr")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"journal-{connection.schema_name}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]  # what guards the view only hands it on


def _form(data: QueryDict) -> JournalForm:
    form = JournalForm(data, today=timezone.localdate())
    if "client" in form.errors:
        # Nobody types it.
        raise Http404
    return form


def _client(form: JournalForm) -> tuple[Client | None, frozenset[str] | None]:
    """The client who is named, and what the journal knows them by: as a user, and as a file without a way in."""
    uuid = form.cleaned_data.get("client")
    if uuid is None:
        return None, None
    try:
        client, user = file_of(uuid=uuid)
    except NoSuchClientError as error:
        raise Http404 from error
    return client, frozenset({str(client.uuid), *([str(user.uuid)] if user else [])})


def _subject(subjects: frozenset[str] | None, client: Client | None) -> str:
    """The user's, rather than the file's."""
    if not subjects or client is None:
        return ""
    return min(subjects - {str(client.uuid)}, default=str(client.uuid))
