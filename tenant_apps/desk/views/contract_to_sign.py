"""The contract that the client reads and signs, before the counter says that it is signed. Nothing is written."""

from uuid import UUID

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenant_apps.desk.pawn_opening_forms import LoanForm, object_forms
from tenant_apps.desk.selectors import NoSuchClientError, file_of
from tenant_apps.desk.views.checking import answers_of
from tenant_apps.desk.views.contract_opening import PREFIX, durations_on
from tenant_apps.desk.views.contract_papers import pdf_answer
from tenant_apps.identity.access import staff_only
from tenant_apps.messaging.letter_pdf import PDF_VIEWER
from tenant_apps.pawn.papers.contract_pdf import contract_pdf
from tenant_apps.pawn.papers.contract_words import words_to_sign
from tenant_apps.pawn.products import with_product
from tenant_apps.pawn.services.errors import CannotLendError
from tenant_apps.pawn.services.open_contract import offer_for


@never_cache
@require_safe
@csp_replace(PDF_VIEWER)
@staff_only
@with_product
def to_sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Of the answers that are being checked; not found once they are signed, or given up."""
    try:
        client, _user = file_of(uuid=uuid)
    except NoSuchClientError as error:
        raise Http404 from error
    today = timezone.localdate()
    answers = answers_of(request, page=reverse("desk_contract_new", args=[uuid]))
    form, objects = LoanForm(answers, durations=durations_on(today)), object_forms(answers, prefix=PREFIX)
    if not (form.is_valid() and objects.is_valid()):
        raise Http404
    loan = form.cleaned_data
    try:
        offer = offer_for(objects=objects.pledges, lent=loan["lent"], months=int(loan["months"]), on=today)
    except CannotLendError as error:
        raise Http404 from error
    words = words_to_sign(client=client, pledges=objects.pledges, offer=offer, kept_at=loan["kept_at"])
    return pdf_answer(contract_pdf(words), f"contrat-a-signer-{client.number}")
