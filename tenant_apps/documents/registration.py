"""That the screens of documents are there, and where they stand in the menu."""

from django.utils.translation import gettext_lazy as _

from tenant_apps.documents import attaching
from tenant_apps.documents.products import PRODUCT
from tenant_apps.portal.registry import MenuEntry, register_menu_entry
from tenants.jobs.clock import each_night
from tenants.policy.served import register_served

register_served("products", PRODUCT)
each_night("documents.night")
attaching.register()
register_menu_entry(
    MenuEntry(
        product=PRODUCT, label=_("Mes documents"), url_name="documents", position=80, prefix="/documents/"
    )
)
