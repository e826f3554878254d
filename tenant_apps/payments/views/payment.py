"""One payment: what is awaited, what was done, what to do. Coming here decides nothing."""

import logging
import re
from contextlib import suppress
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tenant_apps.documents.selectors import document_about
from tenant_apps.identity.access import clients_only, signed_in_client
from tenant_apps.payments.domain.states import CAPTURED, CLOSED
from tenant_apps.payments.forms import StopForm
from tenant_apps.payments.models import Payment
from tenant_apps.payments.presentation import shown
from tenant_apps.payments.products import with_product
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.registry import CannotPayError
from tenant_apps.payments.selectors import NoSuchPaymentError, paid_since, payment_of
from tenant_apps.payments.services.check_payment import check_soon
from tenant_apps.payments.services.pay_again import pay_again
from tenant_apps.payments.services.quoting import NoSuchQuoteError, quote_of
from tenant_apps.payments.services.receipts import RECEIPT
from tenant_apps.payments.services.under_way import BeingBegunError, give_up

# How often the page asks again, in seconds, until the provider has spoken; and how many times. A page that asked for
# ever would keep the session of who has left it from ending by idleness.
AGAIN, TIMES = 3, 100
COUNT = "fois"
PAID_MEANWHILE = "deja"
log = logging.getLogger(__name__)


@never_cache
@require_safe
@clients_only
@with_product
def payment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where the provider sends the browser back to. The webhook decides; meanwhile the page asks again by itself."""
    return _page(request, _payment_or_404(request, uuid))


@never_cache
@require_safe
@clients_only
@with_product
def cancelled(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who left the provider's page without paying, as the browser says: nothing is closed for that."""
    return _page(request, _payment_or_404(request, uuid), left=True)


@never_cache
@require_POST
@clients_only
@with_product
def again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same things in a new basket, which is checked before paying."""
    found = _payment_or_404(request, uuid)
    try:
        quote = pay_again(client=signed_in_client(request), payment=found, now=timezone.now())
    except CannotPayError as refused:
        return _page(request, found, refusal=refused.words)
    return redirect("basket", quote.uuid)


@never_cache
@require_POST
@clients_only
@with_product
def stop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give it up, and go on with the basket that was in hand. What was charged meanwhile stays paid, and is said."""
    found = _payment_or_404(request, uuid)
    try:
        ended = give_up(payment=found, now=timezone.now())
    except BeingBegunError:
        words = _("Ce paiement est en train de commencer. Attendez un instant, puis réessayez.")
        return _page(request, found, refusal=words)
    except ProviderError as error:
        log.warning("payment %s cannot be given up: %s", found.uuid, error)
        words = _(
            "Le prestataire de paiement ne répond pas en ce moment. Ce paiement est encore ouvert : réessayez dans un"
            " instant, ou continuez-le."
        )
        return _page(request, found, refusal=words)
    if ended.state in CAPTURED:
        return redirect(f"{reverse('payment', args=[uuid])}?{PAID_MEANWHILE}=1")
    if ended.state not in CLOSED:
        words = _("Votre banque traite déjà ce paiement. Attendez sa réponse : ne payez pas deux fois.")
        return _page(request, found, refusal=words)
    return _on_with(request, uuid)


def _on_with(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """To the basket that was in hand, where it is this client's; else to the payment that was given up."""
    form = StopForm(request.POST)
    wanted = form.cleaned_data["basket"] if form.is_valid() else None
    if wanted is not None:
        with suppress(NoSuchQuoteError):
            return redirect("basket", quote_of(client=signed_in_client(request), uuid=wanted).uuid)
    return redirect("payment", uuid)


def _page(request: HttpRequest, found: Payment, *, left: bool = False, refusal: str = "") -> HttpResponse:
    view = shown(found)
    if view.waiting and request.method != "HEAD":
        check_soon(payment=found, now=timezone.now())
    receipt = document_about(kind=RECEIPT, about=found.uuid) if view.paid else None
    times = _times(request)
    asks_again = times < TIMES
    context = {
        "payment": view,
        "left": left and view.waiting,
        "receipt": receipt,
        "asks_again": asks_again,
        "refusal": refusal,
        # Who would begin what came to nothing again has perhaps paid it since, with another card.
        "paid_since": paid_since(client=found.client, payment=found)
        if view.refused or view.abandoned
        else None,
        "paid_meanwhile": PAID_MEANWHILE in request.GET and view.paid,
    }
    response = render(request, "payments/payment.html", context)
    # Who left is asked what they want; a page that changes under their hands would be in the way.
    if view.waiting and not left and not refusal and asks_again:
        response["Refresh"] = f"{AGAIN}; url=?{COUNT}={times + 1}"
    return response


def _times(request: HttpRequest) -> int:
    """How often this page has asked by itself, as its address says."""
    said = request.GET.get(COUNT, "")
    return min(int(said), TIMES) if re.fullmatch(r"[0-9]{1,4}", said, re.ASCII) else 0


def _payment_or_404(request: HttpRequest, uuid: UUID) -> Payment:
    try:
        return payment_of(client=signed_in_client(request), uuid=uuid)
    except NoSuchPaymentError as error:
        raise Http404 from error
