"""Open the file of a new client: who they are, then the answers to check, then their first contract."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guichet.kernel.masking import masked
from guichet.kernel.phones import written
from tenant_apps.clients.models import Client
from tenant_apps.desk.access_form import TAKEN, registers
from tenant_apps.desk.new_client_form import NewClientForm
from tenant_apps.desk.views.checking import answers_of, is_lost, show_again, to_confirm, to_edit, with_check
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.documents_shown import DOCUMENTS
from tenant_apps.identity.open_account import IdentifierTakenError
from tenant_apps.pawn.services.register_new_client import KnownClientError, alike, register_new_client
from tenants.policy.current import current_policy

IDENTIFIER = "identifier"
TYPED = (
    IDENTIFIER,
    "last_name",
    "first_name",
    "birth_date",
    "email",
    "mobile",
    "postal_lines",
    "postcode",
    "town",
    "country",
)


@never_cache
@sensitive_post_parameters(*TYPED)
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def new(request: HttpRequest, answers: QueryDict | None) -> HttpResponse:
    if not registers(current_policy()):
        raise Http404
    answers, held = _with_what_was_held(request, answers)
    response = _answered(request, answers)
    if held and not isinstance(response, HttpResponseRedirect):
        return show_again(request, **held)
    return response


def _with_what_was_held(
    request: HttpRequest, answers: QueryDict | None
) -> tuple[QueryDict | None, dict[str, str]]:
    """The number of a member is in the draft alone: the page that shows the answers again does not hold it."""
    if request.method != "POST" or answers is None or IDENTIFIER in answers:
        return answers, {}
    before = answers_of(request, page=request.path)
    if before is None or IDENTIFIER not in before:
        return answers, {}
    held = {IDENTIFIER: str(before[IDENTIFIER])}
    whole = answers.copy()
    whole.update(held)
    return whole, held


def _answered(request: HttpRequest, answers: QueryDict | None) -> HttpResponse:
    form = NewClientForm(answers, today=timezone.localdate(), policy=current_policy())
    if not form.is_valid():
        return _page(request, form, [])
    if to_edit(answers):
        return _page(request, form, alike(person=form.person))
    if to_confirm(answers):
        try:
            return _registered(request, form)
        except (KnownClientError, IdentifierTakenError):
            # Come meanwhile, or nobody said that it is another: shown like at the first look.
            pass
    if form.is_taken:
        form.add_error(IDENTIFIER, str(TAKEN))
        return _page(request, form, [])
    known = alike(person=form.person)
    if known and not form.cleaned_data["another"]:
        return _page(request, form, known, refused=True)
    return _to_check(request, form, known)


def _page(
    request: HttpRequest, form: NewClientForm, known: list[Client], *, refused: bool = False
) -> HttpResponse:
    context = {"form": form, "alike": known, "refused": refused, "lost": is_lost(request)}
    return render(request, "desk/new_client.html", context)


def _to_check(request: HttpRequest, form: NewClientForm, known: list[Client]) -> HttpResponse:
    person = form.person
    context = {
        "form": form,
        "person": person,
        "title": Client.Title(person.title).label,
        "mobile": written(person.mobile) if person.mobile else "",
        "document": DOCUMENTS[form.cleaned_data["document"]],
        "alike": known,
        "masked_identifier": masked(form.cleaned_data.get(IDENTIFIER, "")),
        "hidden": [each for each in form if each.name != IDENTIFIER],
        "opens_at_once": form.access is not None,
        "by_letter": "letter_code" in form.policy.activation.sends,
    }
    return render(request, "desk/new_client_check.html", context)


def _registered(request: HttpRequest, form: NewClientForm) -> HttpResponse:
    done = register_new_client(
        person=form.person,
        form=form.cleaned_data["number"],
        document=form.cleaned_data["document"],
        another=form.cleaned_data["another"],
        by=signed_in(request).uuid,
        now=timezone.now(),
        access=form.access,
    )
    opened = f"inscrit-{done.access}" if done.access else "inscrit"
    code = "deja-inscrit" if done.replayed else opened
    return redirect(f"{reverse('desk_client', args=[done.client.uuid])}?fait={code}")
