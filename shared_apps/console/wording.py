"""The words of the policy as operators read them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

BODIES: Words = {"caisse": _("Crédit Municipal"), "mutual": _("Mutuelle")}
IDENTIFIERS: Words = {
    "digits": _("Chiffres"),
    "client_number": _("Numéro de client"),
    "email": _("Adresse e-mail"),
    "email_or_client_number": _("Adresse e-mail ou numéro de client"),
    "nir": _("Numéro de sécurité sociale"),
}
SECRETS: Words = {"password": _("Mot de passe"), "pin": _("Code secret")}
FACTORS: Words = {
    "sms": _("Code par SMS"),
    "totp": _("Application"),
    "pin": _("Code secret"),
    "passkey": _("Clé d’accès"),
}
PRODUCTS: Words = {
    "pawn_loans": _("Prêts sur gage"),
    "payments": _("Paiements"),
    "appointments": _("Rendez-vous"),
    "savings": _("Épargne"),
    "transfers": _("Virements"),
    "credits": _("Crédits"),
    "documents": _("Documents"),
    "member_space": _("Espace adhérent"),
}
LABELS: Words = {"law": _("Loi"), "standard": _("Norme"), "house": _("Règle de la plateforme")}


def said(words: Words, value: object) -> str:
    """The value itself when a newer release reports one that this one has no word for."""
    return str(words.get(str(value), value))
