"""How the home page calls what a policy names."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.policy.document import Product

NAMES: Mapping[Product, str | Promise] = MappingProxyType(
    {
        "pawn_loans": _("Mes prêts sur gage"),
        "payments": _("Payer par carte"),
        "appointments": _("Prendre rendez-vous"),
        "savings": _("Mon épargne"),
        "transfers": _("Mes virements"),
        "credits": _("Mes crédits"),
        "documents": _("Mes documents"),
        "member_space": _("Mes remboursements"),
    }
)


def awaited(*, products: tuple[Product, ...], shown: set[str | None]) -> list[str | Promise]:
    """What the caisse offers and no screen of this release serves: said, and never a link that leads nowhere."""
    return [NAMES[product] for product in products if product not in shown]
