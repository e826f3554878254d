"""One payment: what is awaited, what was done, what to do. Coming here decides nothing."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenant_apps.documents.selectors import document_about
from tenant_apps.identity.access import clients_only, signed_in_client
from tenant_apps.payments.models import Payment
from tenant_apps.payments.presentation import shown
from tenant_apps.payments.products import with_product
from tenant_apps.payments.selectors import NoSuchPaymentError, payment_of
from tenant_apps.payments.services.check_payment import check_soon
from tenant_apps.payments.services.receipts import RECEIPT

# How often the page asks again, in seconds, until the provider has spoken.
AGAIN = 3


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


def _page(request: HttpRequest, found: Payment, *, left: bool = False) -> HttpResponse:
    view = shown(found)
    if view.waiting and request.method != "HEAD":
        check_soon(payment=found, now=timezone.now())
    receipt = document_about(kind=RECEIPT, about=found.uuid) if view.paid else None
    context = {"payment": view, "left": left and view.waiting, "receipt": receipt}
    response = render(request, "payments/payment.html", context)
    # Who left is asked what they want; a page that changes under their hands would be in the way.
    if view.waiting and not left:
        response["Refresh"] = str(AGAIN)
    return response


def _payment_or_404(request: HttpRequest, uuid: UUID) -> Payment:
    try:
        return payment_of(client=signed_in_client(request), uuid=uuid)
    except NoSuchPaymentError as error:
        raise Http404 from error
