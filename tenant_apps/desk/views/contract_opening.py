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
from tenant_apps.desk.offers import OFFERED, changes_in_words, offer_seen, signed_offer
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
from tenant_apps.desk.views.checking import DRAFT, is_lost, show_again, to_confirm, to_edit, with_check
from tenant_apps.desk.views.contract import asked_by, back_to_contract, make_paper, refuse, reused
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.identity.give_access import FIRST_CONTRACT, give_access
from tenant_apps.pawn.domain.operations import Means, OperationKind
from tenant_apps.pawn.domain.tariffs.taeg import shown
from tenant_apps.pawn.papers.keep_papers import keep_contract
from tenant_apps.pawn.papers.offered import OfferChangedError, Offered, changes, offered, refuse_another
from tenant_apps.pawn.pictures import SUFFIX
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.selectors import operation_done
from tenant_apps.pawn.services.cash import refuse_too_much_cash
from tenant_apps.pawn.services.errors import CannotLendError, NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.open_contract import Offer, Pledge, offer_for, open_contract
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
        except OfferChangedError:
            return show_again(request)
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
    """The contract, with the photos that came along. Only what a page has shown is signed."""
    seen = offer_seen(form.data)
    if seen is None:
        return show_again(request)
    photos = first_photo_forms(pledges=objects.pledges, data=request.POST, files=request.FILES)
    # All are looked at, so that everything that must be mended is said at once.
    if [each for each in photos if not each.is_valid()]:
        # Here the page stays at the address of answers that may be others.
        if changes(before=seen, now=_offer_now(client, form, objects)[1]):
            raise OfferChangedError
        return _offered(request, client, form, objects, photos)
    return _opened(request, client, form, _with_photos(objects.pledges, photos), seen)


def _to_check(request: HttpRequest, client: Client, form: LoanForm, objects: ObjectForms) -> HttpResponse:
    """What is offered today; of answers that were signed already, the contract."""
    done = operation_done(uuid=form.cleaned_data["operation"])
    if done is not None:
        return back_to_contract(done.contract, done="deja")
    if request.method == "POST" and offer_seen(form.data) is None:
        # Kept with the answers: an offer of yesterday is not shown again today as if it were the same.
        return show_again(request, **{OFFERED: signed_offer(_offer_now(client, form, objects)[1])})
    return _offered(request, client, form, objects, first_photo_forms(pledges=objects.pledges))


def _offer_now(client: Client, form: LoanForm, objects: ObjectForms) -> tuple[Offer, Offered]:
    loan, pledges = form.cleaned_data, objects.pledges
    offer = offer_for(objects=pledges, lent=loan["lent"], months=int(loan["months"]), on=timezone.localdate())
    return offer, offered(client=client, pledges=pledges, offer=offer, kept_at=loan["kept_at"])


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
    """What the loan would be today, to be checked; what of it is not what was offered before is said."""
    means, seen = form.cleaned_data["means"], offer_seen(form.data)
    offer, now = _offer_now(client, form, objects)
    found = offer.simulation
    refuse_too_much_cash(
        contract=None,
        kind=OperationKind.OPENED,
        means=Means(means),
        amount=found.handed_over,
        on=found.loan.start,
    )
    context = {
        "client": client,
        "form": form,
        "objects": objects,
        "photos": photos,
        "draft": request.GET.get(DRAFT, ""),
        "photo_hint": photo_hint(),
        "pledged": object_lines(pledges=objects.pledges, ceilings=offer.ceilings, values=offer.values),
        "found": found,
        "months": months_in_words(found.months),
        "lines": sum_lines(lines=found.debt.lines),
        "taeg": percent_in_words(shown(found.taeg)),
        "usury": offer.usury,
        "ceiling": percent_in_words(offer.usury.ceiling),
        "means": MEANS[means],
        "offered": signed_offer(now),
        "changed": changes_in_words(changes(before=seen, now=now)) if seen else "",
    }
    return render(request, "desk/pawn/new_check.html", context)


def _opened(
    request: HttpRequest, client: Client, form: LoanForm, pledges: Sequence[Pledge], seen: Offered
) -> HttpResponse:
    now, kept_at = timezone.now(), form.cleaned_data["kept_at"]
    done = open_contract(
        client=client,
        objects=pledges,
        lent=form.cleaned_data["lent"],
        months=int(form.cleaned_data["months"]),
        kept_at=kept_at,
        agreed=lambda offer: refuse_another(
            before=seen, client=client, pledges=pledges, kept_at=kept_at, offer=offer
        ),
        **asked_by(request, form, now=now),
    )
    make_paper(keep_contract, contract=done.contract, now=now)
    if done.replayed:
        return back_to_contract(done.contract, done="ouvert-activated")
    activation = give_access(client=client, by=signed_in(request).uuid, reason=FIRST_CONTRACT, now=now)
    return back_to_contract(done.contract, done=f"ouvert-{activation}")
