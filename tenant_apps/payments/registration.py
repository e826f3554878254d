"""That the screens of card payments are there, where they stand in the menu, and what runs by the clock."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from tenant_apps.documents.registry import register_document_kind
from tenant_apps.payments.presentation import receipts_in_a_line
from tenant_apps.payments.products import PRODUCT
from tenant_apps.payments.selectors import count_disputed, count_held, count_late
from tenant_apps.payments.services.receipts import RECEIPT
from tenant_apps.portal.registry import MenuEntry, register_menu_entry
from tenants.jobs.clock import each_minute, each_night, each_quarter
from tenants.policy.served import register_served
from tenants.reports.figures import Figure, register_figure

# A refund that the provider has not taken by then, a payment of which nobody has said the end.
LATE = timedelta(hours=24)

register_served("products", PRODUCT)
register_menu_entry(
    MenuEntry(
        product=PRODUCT, label=_("Mes paiements"), url_name="payments", position=70, prefix="/paiements/"
    )
)
register_document_kind(RECEIPT, _("Reçu de paiement"), details=receipts_in_a_line)
each_minute("payments.sweep")
each_quarter("payments.ask_again")
each_night("payments.night")
for figure in (
    Figure(
        name="payments_held",
        label=_("Sommes payées que l’agence garde"),
        position=81,
        of=lambda _now: count_held(),
    ),
    Figure(
        name="payments_late",
        label=_("Paiements et remboursements sans réponse"),
        position=82,
        of=lambda now: count_late(now=now, after=LATE),
    ),
    Figure(
        name="payments_disputed",
        label=_("Paiements contestés par la banque du client, sans décision"),
        position=83,
        of=lambda _now: count_disputed(),
    ),
):
    register_figure(figure)
