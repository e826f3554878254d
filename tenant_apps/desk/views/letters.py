"""The letters that the agency prints and posts."""

from datetime import date
from uuid import UUID

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenant_apps.desk.batches import batch_lines
from tenant_apps.desk.forms import PrintedForm
from tenant_apps.desk.views.checking import add_refusal, is_lost, sent_well, show_refused, with_check
from tenant_apps.desk.wording import DONE
from tenant_apps.identity.access import signed_in, staff_only
from tenant_apps.messaging.letter_pdf import PDF_VIEWER, letters_pdf
from tenant_apps.messaging.print_letters import (
    BatchClosedError,
    BatchNotOpenedError,
    NoSuchBatchError,
    confirm_batch,
    make_batch,
    open_batch,
)
from tenant_apps.messaging.selectors import (
    CountedBatch,
    batch_of,
    batches_confirmed,
    batches_to_confirm,
    letter_days,
)

PAST_SHOWN = 10


@never_cache
@require_safe
@staff_only
def letters(request: HttpRequest) -> HttpResponse:
    """Day by day: what is to be printed, what is printed and not yet confirmed, what is done."""
    context = {
        "days": letter_days(now=timezone.now()),
        "open": batch_lines(batches=batches_to_confirm()),
        "past": batch_lines(batches=batches_confirmed(limit=PAST_SHOWN)),
        "done": DONE.get(request.GET.get("fait", "")),
    }
    return render(request, "desk/letters.html", context)


@never_cache
@require_POST
@staff_only
def prepare(request: HttpRequest) -> HttpResponse:
    """The letters of one day become a batch, which no later letter changes."""
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        return _to_list(done="")
    made = make_batch(day=day, by=signed_in(request).uuid, now=timezone.now())
    if made is None:
        # A colleague was quicker: the batch stands in the list.
        return _to_list(done="lot-fait")
    return redirect("desk_batch", made.uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@with_check
def batch(request: HttpRequest, uuid: UUID, answers: QueryDict | None) -> HttpResponse:
    """Open, print, put in envelopes, and say so."""
    found, form = _batch_or_404(uuid), PrintedForm(answers)
    if sent_well(request, form):
        try:
            confirmed = confirm_batch(uuid=uuid, by=signed_in(request).uuid, now=timezone.now())
        except BatchNotOpenedError:
            return show_refused(request, _("Ouvrez d’abord le PDF : personne n’a encore vu ces lettres."))
        return _to_list(done="lettres" if confirmed else "lettres-deja")
    add_refusal(form, answers, field="done")
    (line,) = batch_lines(batches=[found])
    return render(request, "desk/batch.html", {"batch": line, "form": form, "lost": is_lost(request)})


@never_cache
@require_safe
@csp_replace(PDF_VIEWER)
@staff_only
def pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All the letters of a batch. Made in memory at each look, and kept nowhere."""
    if request.method == "HEAD":
        # Whoever asks for the heading has seen no letter.
        _batch_or_404(uuid)
        return HttpResponse(content_type="application/pdf")
    try:
        opened, found = open_batch(uuid=uuid, by=signed_in(request).uuid, now=timezone.now())
    except NoSuchBatchError as error:
        raise Http404 from error
    except BatchClosedError:
        return _to_list(done="lettres-deja")
    name = f"courriers-{opened.day.isoformat()}.pdf"
    response = HttpResponse(letters_pdf(found, title=name), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _batch_or_404(uuid: UUID) -> CountedBatch:
    found = batch_of(uuid=uuid)
    if found is None:
        raise Http404
    return found


def _to_list(*, done: str) -> HttpResponse:
    """`done`: a code of `wording.DONE`, or nothing to say."""
    return redirect(reverse("desk_letters") + (f"?fait={done}" if done else ""))
