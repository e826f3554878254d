"""Open the way in of a client whose file has none."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tenant_apps.clients.models import Client
from tenant_apps.desk.access_form import TAKEN, AccessForm
from tenant_apps.desk.reasons import TO_GIVE_ACCESS
from tenant_apps.desk.selectors import NoSuchClientError, file_of
from tenant_apps.desk.views.checking import add_refusal, is_lost, sent_well, show_refused, with_check
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.give_access import give_asked_access
from tenant_apps.identity.open_account import IdentifierTakenError
from tenants.policy.current import current_policy


@never_cache
@sensitive_post_parameters("identifier")
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def give(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    try:
        client, user = file_of(uuid=uuid)
    except NoSuchClientError as error:
        raise Http404 from error
    if user is not None:
        return _back(done="acces-deja")
    form = AccessForm(answers, reasons=TO_GIVE_ACCESS, policy=current_policy())
    if sent_well(request, form):
        try:
            return _given(request, client, form)
        except IdentifierTakenError:
            return show_refused(request, str(TAKEN))
    add_refusal(form, answers, field="identifier" if "identifier" in form.fields else None)
    context = {"client": client, "form": form, "lost": is_lost(request)}
    return render(request, "desk/access.html", context)


def _given(request: HttpRequest, client: Client, form: AccessForm) -> HttpResponse:
    said = give_asked_access(
        client=client,
        identifier=form.given_identifier,
        document=form.cleaned_data["document"],
        reason=form.written_reason,
        by=signed_in(request).uuid,
        now=timezone.now(),
    )
    return _back(done=f"acces-{said}")


def _back(*, done: str) -> HttpResponse:
    return redirect(f"../?fait={done}")
