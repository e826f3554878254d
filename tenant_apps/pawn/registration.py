"""What pawn loans add to the client's space and to the sign-in page, and that their screens are there."""

from django.utils.translation import gettext_lazy as _

from tenant_apps.documents.registry import register_document_kind
from tenant_apps.identity.contract_registry import register_contracts
from tenant_apps.identity.offers import Offer, register_offer
from tenant_apps.pawn import appointments, settlement
from tenant_apps.pawn.models import Handover
from tenant_apps.pawn.papers.boni_receipt import BONI_RECEIPT
from tenant_apps.pawn.papers.keep_papers import CANCELLATION, CONTRACT, RECEIPT
from tenant_apps.pawn.papers.keep_prolonged import PROLONGED
from tenant_apps.pawn.products import PRODUCT
from tenant_apps.pawn.selectors import has_contract
from tenant_apps.pawn.services.fetch_object import PURPOSE
from tenant_apps.pawn.views.contracts import home_card
from tenant_apps.portal.registry import Card, MenuEntry, register_card, register_menu_entry
from tenants.jobs.clock import each_night, each_quarter
from tenants.keys.registry import SealedColumn, register_sealed
from tenants.policy.served import register_served

register_served("products", PRODUCT)
register_served("recovery.identifier_asks", "contract_number")
each_night("pawn.night")
register_sealed(SealedColumn(model=Handover, column="who_sealed", purpose=PURPOSE))
register_contracts(product=PRODUCT, has_contract=has_contract)
appointments.register()
settlement.register()
register_document_kind(CONTRACT, _("Contrat de prêt sur gage"))
register_document_kind(BONI_RECEIPT, _("Quittance de boni"))
register_document_kind(PROLONGED, _("Confirmation de prolongation"))
register_document_kind(RECEIPT, _("Reçu de paiement à l’agence"))
register_document_kind(CANCELLATION, _("Annulation d’un reçu de l’agence"))
register_menu_entry(
    MenuEntry(
        product=PRODUCT, label=_("Mes contrats"), url_name="contracts", position=10, prefix="/contrats/"
    )
)
register_card(Card(product=PRODUCT, template="pawn/home_card.html", context=home_card))
for offer in (
    Offer("contract", _("Vos contrats en détail"), _("Dates, objets, sommes dues.")),
    Offer("calendar", _("Vos échéances à l’avance"), _("Ce qui arrive en premier est en tête de liste.")),
    Offer(
        "shield",
        _("Vos objets en sûreté"),
        _("Vous voyez où chacun est gardé, et sa photo quand il y en a une."),
    ),
):
    register_offer(product=PRODUCT, offer=offer)
each_quarter("pawn.remind")
