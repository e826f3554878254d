"""The card page of the demo's provider. It stands for another site: nobody is signed in there."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenant_apps.demo.cards.acts import How, NoSuchOrderError, order_of, play
from tenant_apps.demo.models import CardOrder
from tenant_apps.payments.domain.outcomes import Said

WAYS = (
    (How.PAY, _("La banque accepte")),
    (How.CHALLENGE, _("La banque demande une confirmation")),
    (How.REFUSE, _("La banque refuse")),
    (How.LATE, _("La banque accepte, et le dit tard")),
    (How.TWICE, _("La banque accepte, et le dit deux fois")),
    (How.DISORDER, _("La banque accepte, puis parle d’un refus plus ancien")),
    (How.DISPUTE, _("La banque accepte, puis son client conteste")),
    (How.FORGED, _("Quelqu’un d’autre prétend que c’est payé")),
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Choose what the bank does. A confirmation is a second page, as 3-D Secure is."""
    order = _order_or_404(uuid)
    if request.method != "POST":
        return _page(request, order)
    try:
        how = How(request.POST.get("how", ""))
    except ValueError:
        return _page(request, order)
    if how is How.CHALLENGE:
        return _page(request, order, asks=True)
    order = play(uuid=uuid, how=how, now=timezone.now())
    if order.state == Said.OPEN and how is not How.FORGED:
        return _page(request, order)
    if how is How.DISPUTE:
        # The visitor is the bank once more: it decides.
        return redirect("demo_card", uuid)
    return redirect(order.back)


def _page(request: HttpRequest, order: CardOrder, *, asks: bool = False) -> HttpResponse:
    context = {
        "order": order,
        "ways": WAYS,
        "asks": asks,
        "disputed": order.how == How.DISPUTE,
        "over": order.state != Said.OPEN or order.expires_at <= timezone.now(),
    }
    return render(request, "demo/card.html", context)


def _order_or_404(uuid: UUID) -> CardOrder:
    try:
        return order_of(uuid=uuid)
    except NoSuchOrderError as error:
        raise Http404 from error
