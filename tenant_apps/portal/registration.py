"""The entries of the menu that every client has."""

from django.utils.translation import gettext_lazy as _

from tenant_apps.portal.registry import MenuEntry, register_menu_entry

register_menu_entry(MenuEntry(product=None, label=_("Accueil"), url_name="home", position=0, prefix="/"))
register_menu_entry(
    MenuEntry(
        product=None,
        label=_("Ma sécurité"),
        url_name="security:overview",
        # After every product.
        position=900,
        prefix="/securite/",
    )
)
