"""Open a contract for a client: the objects and the loan, then the offer to check, then the signature."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guichet.web.uploads import takes_files
from tenant_apps.clients.models import Client
from tenant_apps.desk.pawn_lines import (
    months_in_words,
    object_lines,
    percent_in_words,
    refused_loan_in_words,
    sum_lines,
)
from tenant_apps.desk.pawn_opening_forms import MOST_OBJECTS, LoanForm, ObjectForm, ObjectForms, object_forms
from tenant_apps.desk.pawn_photo_forms import FirstPhotoForm, first_photo_forms, photo_hint
from tenant_apps.desk.selectors import NoSuchClientError, file_of
from tenant_apps.desk.views.checking import DRAFT, is_lost, to_confirm, to_edit, with_check
from tenant_apps.desk.views.contract import asked_by, back_to_contract, make_paper, refuse, reused
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.pawn.domain.operations import Means, OperationKind
from tenant_apps.pawn.domain.tariffs.taeg import shown
from tenant_apps.pawn.papers.keep_papers import keep_contract
from tenant_apps.pawn.pictures import SUFFIX
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.selectors import operation_done
from tenant_apps.pawn.services.activate_client import activate_client
from tenant_apps.pawn.services.cash import refuse_too_much_cash
from tenant_apps.pawn.services.errors import CannotLendError, NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.open_contract import Pledge, offer_for, open_contract
from tenant_apps.pawn.tariffs.selectors import NoTariffError, computed, tariff_in_force
from tenant_apps.pawn.wording import MEANS
from tenants.policy.current import current_policy

MORE = "more"
PREFIX = "objets"


@takes_files
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_product
@with_check
def new(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    try:
        client, _user = file_of(uuid=uuid)
    except NoSuchClientError as error:
        raise Http404 from error
    today = timezone.localdate()
    durations = durations_on(today)
    if answers is not None and MORE in answers:
        return _with_another(request, client, durations, answers)
    form = LoanForm(answers, durations=durations, initial={"kept_at": current_policy().caisse.town})
    objects = object_forms(answers, prefix=PREFIX)
    # Both are looked at, so that everything that must be mended is said at once.
    good = [form.is_valid(), objects.is_valid()] if answers is not None else [False]
    if all(good) and not to_edit(answers):
        step = _signed if to_confirm(answers) else _to_check
        try:
            return step(request, client, form, objects)
        except CannotLendError as error:
            form.add_error(None, refused_loan_in_words(error))
        except OperationReusedError:
            return reused(form)
        except NotPossibleError as error:
            refuse(form, error)
    return _page(request, client, form, objects)


def durations_on(today: date) -> list[tuple[str, str]]:
    """Those of the tariff in force; none where the caisse has none."""
    try:
        tariff = computed(uuid=tariff_in_force(on=today).uuid)
    except NoTariffError:
        return []
    return [(str(months), months_in_words(months)) for months in sorted(tariff.document.months)]


def _page(request: HttpRequest, client: Client, form: LoanForm, objects: ObjectForms) -> HttpResponse:
    context = {
        "client": client,
        "form": form,
        "objects": objects,
        "more": MORE,
        "lost": is_lost(request),
    }
    return render(request, "desk/pawn/new.html", context)


def _with_another(
    request: HttpRequest, client: Client, durations: list[tuple[str, str]], typed: QueryDict
) -> HttpResponse:
    """What was typed stays, and nothing is said to be wrong yet."""
    form = LoanForm(durations=durations, initial=_typed(typed, LoanForm.base_fields, ""))
    lines = [f"{PREFIX}-{rank}-" for rank in range(MOST_OBJECTS) if f"{PREFIX}-{rank}-description" in typed]
    given = [_typed(typed, ObjectForm.base_fields, line) for line in lines]
    return _page(request, client, form, object_forms(prefix=PREFIX, initial=given))


def _typed(typed: QueryDict, names: Any, prefix: str) -> dict[str, str]:
    return {name: str(typed.get(f"{prefix}{name}", "")) for name in names if f"{prefix}{name}" in typed}


def _signed(request: HttpRequest, client: Client, form: LoanForm, objects: ObjectForms) -> HttpResponse:
    """The contract, with the photos that came along."""
    photos = first_photo_forms(pledges=objects.pledges, data=request.POST, files=request.FILES)
    # All are looked at, so that everything that must be mended is said at once.
    if [each for each in photos if not each.is_valid()]:
        return _offered(request, client, form, objects, photos)
    return _opened(request, client, form, _with_photos(objects.pledges, photos))


def _to_check(request: HttpRequest, client: Client, form: LoanForm, objects: ObjectForms) -> HttpResponse:
    """What is offered today; of answers that were signed already, the contract."""
    done = operation_done(uuid=form.cleaned_data["operation"])
    if done is not None:
        return back_to_contract(done.contract, done="deja")
    return _offered(request, client, form, objects, first_photo_forms(pledges=objects.pledges))


def _with_photos(pledges: Sequence[Pledge], photos: Sequence[FirstPhotoForm]) -> list[Pledge]:
    return [
        replace(pledge, photo=each.picture, photo_suffix=SUFFIX if each.picture else "")
        for pledge, each in zip(pledges, photos, strict=True)
    ]


def _offered(
    request: HttpRequest,
    client: Client,
    form: LoanForm,
    objects: ObjectForms,
    photos: Sequence[FirstPhotoForm],
) -> HttpResponse:
    """What the loan would be today, to be checked."""
    today, pledges = timezone.localdate(), objects.pledges
    months, means = int(form.cleaned_data["months"]), form.cleaned_data["means"]
    offer = offer_for(objects=pledges, lent=form.cleaned_data["lent"], months=months, on=today)
    found = offer.simulation
    refuse_too_much_cash(
        contract=None, kind=OperationKind.OPENED, means=Means(means), amount=found.handed_over, on=today
    )
    context = {
        "client": client,
        "form": form,
        "objects": objects,
        "photos": photos,
        "draft": request.GET.get(DRAFT, ""),
        "photo_hint": photo_hint(),
        "pledged": object_lines(pledges=pledges, ceilings=offer.ceilings, values=offer.values),
        "found": found,
        "months": months_in_words(found.months),
        "lines": sum_lines(lines=found.debt.lines),
        "taeg": percent_in_words(shown(found.taeg)),
        "means": MEANS[means],
    }
    return render(request, "desk/pawn/new_check.html", context)


def _opened(request: HttpRequest, client: Client, form: LoanForm, pledges: Sequence[Pledge]) -> HttpResponse:
    now = timezone.now()
    done = open_contract(
        client=client,
        objects=pledges,
        lent=form.cleaned_data["lent"],
        months=int(form.cleaned_data["months"]),
        kept_at=form.cleaned_data["kept_at"],
        **asked_by(request, form, now=now),
    )
    make_paper(keep_contract, contract=done.contract, now=now)
    if done.replayed:
        return back_to_contract(done.contract, done="ouvert-activated")
    activation = activate_client(client=client, by=signed_in(request).uuid, now=now)
    return back_to_contract(done.contract, done=f"ouvert-{activation}")
