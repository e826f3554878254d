"""What appointments add to the client's space and to the sign-in page, and what they do by the clock."""

from django.utils.translation import gettext_lazy as _

from tenant_apps.agencies.products import PRODUCT
from tenant_apps.agencies.views.appointments import home_card
from tenant_apps.identity.offers import Offer, register_offer
from tenant_apps.portal.registry import Card, MenuEntry, register_card, register_menu_entry
from tenants.jobs.clock import each_quarter
from tenants.policy.served import register_served

register_served("products", PRODUCT)
register_menu_entry(
    MenuEntry(
        product=PRODUCT,
        label=_("Mes rendez-vous"),
        url_name="appointments",
        position=60,
        prefix="/rendez-vous/",
    )
)
register_card(Card(product=PRODUCT, template="agencies/home_card.html", context=home_card))
register_offer(
    product=PRODUCT,
    offer=Offer("clock", _("Vos rendez-vous"), _("Choisissez votre heure, changez-la, annulez-la.")),
)
each_quarter("agencies.remind")
