"""Check what is to be paid, then pay."""

import logging
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.clients.models import Client
from tenant_apps.documents.selectors import document_about
from tenant_apps.identity.access import clients_only, signed_in_client
from tenant_apps.payments.forms import PayForm
from tenant_apps.payments.models import Payment
from tenant_apps.payments.presentation import mentions_of, page_of, rows_of, shown
from tenant_apps.payments.products import with_product
from tenant_apps.payments.providers.choice import provider_of_caisse
from tenant_apps.payments.providers.port import NoProviderError, ProviderError
from tenant_apps.payments.registry import CannotPayError
from tenant_apps.payments.selectors import payment_captured, payment_under_way
from tenant_apps.payments.services.quoting import NoSuchQuoteError, Quote, quote_of, quoted_again
from tenant_apps.payments.services.receipts import RECEIPT
from tenant_apps.payments.services.start_payment import (
    FormUsedError,
    PriceChangedError,
    Started,
    fingerprint_of,
    start_payment,
)
from tenant_apps.payments.services.under_way import UnderWayError

log = logging.getLogger(__name__)
CHANGED = "prix"
_AWAY = _(
    "Le paiement par carte ne répond pas en ce moment. Rien n’a été débité : réessayez dans un instant."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@clients_only
@with_product
def basket(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What, how much, what the law wants read; then the provider's page."""
    client = signed_in_client(request)
    try:
        quote = quote_of(client=client, uuid=uuid)
    except NoSuchQuoteError as error:
        raise Http404 from error
    if (paid := _paid_already(client, quote)) is not None:
        return (
            redirect("payment", paid.uuid) if request.method == "POST" else _page(request, quote, paid=paid)
        )
    if request.method == "POST":
        return _pay(request, client, quote)
    if quote.expires_at <= timezone.now():
        return _quoted_again(request, client, quote)
    return _page(request, quote)


def _paid_already(client: Client, quote: Quote) -> Payment | None:
    """Who comes back to a basket that was paid is shown that, and no price."""
    fingerprint = fingerprint_of(client=client, quote=quote)
    return payment_captured(client=client, fingerprint=fingerprint, since=quote.created_at)


def _pay(request: HttpRequest, client: Client, quote: Quote) -> HttpResponse:
    form = PayForm(request.POST)
    if not form.is_valid():
        return _page(request, quote, refusal=str(form.errors["form"][0]))
    wanted = form.cleaned_data["form"]
    try:
        return _leave(start_payment(client=client, quote=quote, form=wanted, now=timezone.now()))
    except PriceChangedError as changed:
        return _to(changed.quote)
    except UnderWayError:
        # The page says which, and what to do: reached by GET, it is not sent again by who reloads it.
        return redirect("basket", quote.uuid)
    except ProviderError as error:
        log.warning("a payment cannot begin: %s", error)
        return _page(request, quote, refusal=str(_AWAY), form=wanted)
    except (CannotPayError, FormUsedError) as refused:
        return _page(request, quote, refusal=refused.words)


def _leave(started: Started) -> HttpResponse:
    """To the provider's page; to our own where another process is asking for it, or all is over."""
    return redirect(started.address or reverse("payment", args=[started.payment]))


def _quoted_again(request: HttpRequest, client: Client, quote: Quote) -> HttpResponse:
    try:
        return _to(quoted_again(client=client, quote=quote, now=timezone.now()))
    except CannotPayError as refused:
        return _page(request, quote, refusal=refused.words, closed=True)


def _to(quote: Quote) -> HttpResponse:
    return redirect(f"{reverse('basket', args=[quote.uuid])}?{CHANGED}=1")


def _page(
    request: HttpRequest,
    quote: Quote,
    *,
    refusal: str = "",
    form: UUID | None = None,
    closed: bool = False,
    paid: Payment | None = None,
) -> HttpResponse:
    under_way = payment_under_way(
        client=signed_in_client(request),
        things=[(each.kind, each.reference) for each in quote.lines],
        now=timezone.now(),
    )
    context: dict[str, Any] = {
        "quote": quote,
        "rows": rows_of(quote),
        "mentions": mentions_of(quote),
        "refusal": refusal,
        "closed": closed or paid is not None,
        "paid": paid,
        "receipt": document_about(kind=RECEIPT, about=paid.uuid) if paid else None,
        "changed": CHANGED in request.GET and not refusal and paid is None,
        "form_id": form or uuid4(),
        "back": reverse(page_of(quote)),
        "under_way": shown(under_way) if under_way and not paid else None,
    }
    # A form may lead to the provider's page and nowhere else: browsers look at where its answer redirects.
    return cast(HttpResponse, csp_update({"form-action": _origins()})(_shown(context))(request))


def _shown(context: dict[str, Any]) -> Callable[[HttpRequest], HttpResponse]:
    return lambda request: render(request, "payments/basket.html", context)


def _origins() -> list[str]:
    try:
        return [each for each in provider_of_caisse().origins if urlsplit(each).netloc]
    except NoProviderError:
        return []
