"""Open the file of a new client: who they are, then the answers to check, then their first contract."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guichet.kernel.phones import written
from tenant_apps.clients.models import Client
from tenant_apps.desk.new_client_form import NewClientForm
from tenant_apps.desk.views.checking import is_lost, to_confirm, to_edit, with_check
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.documents_shown import DOCUMENTS
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.services.register_new_client import KnownClientError, alike, register_new_client

TYPED = (
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
@with_product
@with_check
def new(request: HttpRequest, answers: QueryDict | None) -> HttpResponse:
    form = NewClientForm(answers, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, form, [])
    if to_edit(answers):
        return _page(request, form, alike(person=form.person))
    if to_confirm(answers):
        try:
            return _registered(request, form)
        except KnownClientError:
            # Come meanwhile, or nobody said that it is another: shown like at the first look.
            pass
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
    )
    code = "deja-inscrit" if done.replayed else "inscrit"
    return redirect(f"{reverse('desk_client', args=[done.client.uuid])}?fait={code}")
