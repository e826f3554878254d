"""The words of the policy as operators read them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
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


# The parts of a policy: where a finding is.
SECTIONS: Words = {
    "products": _("Services"),
    "caisse": _("La caisse"),
    "identifier": _("Identifiant"),
    "secret": _("Mot de passe ou code secret"),
    "second_factor": _("Seconde étape"),
    "lockout": _("Blocage après des échecs"),
    "recovery": _("Secret ou identifiant oublié"),
    "activation": _("Première connexion"),
    "session": _("Durée d’une connexion"),
    "journal": _("Journal"),
    "staff": _("Ce que l’agence peut accorder"),
    "terms": _("Conditions d’utilisation"),
    "payments": _("Paiements"),
    "pawn": _("Prêts sur gage"),
    "senders": _("Envoi des messages"),
    "texts": _("Textes"),
    "brand": _("Thème et couleurs"),
    "acceptances": _("Risques acceptés"),
}
_PROOFS: Words = {
    "email_link": _("lien par e-mail"),
    "email_code": _("code par e-mail"),
    "sms_code": _("code par SMS"),
    "letter_code": _("code par lettre"),
}
_ASKED: Words = {
    "client_number": _("numéro de client"),
    "birth_date": _("date de naissance"),
    "contract_number": _("numéro de contrat"),
}
_SENT: Words = {
    "email_identifier": _("identifiant par e-mail"),
    "email_link": _("lien par e-mail"),
    "sms_password": _("mot de passe par SMS"),
    "letter_code": _("code par lettre"),
}
# What a policy may name and a release not serve: by its path, how the place is called, and each of its values.
WAYS: Mapping[str, tuple[Promise, Words]] = {
    "products": (_("Service"), PRODUCTS),
    "secret.kind": (_("Secret"), SECRETS),
    "second_factor.methods": (_("Seconde étape"), FACTORS),
    "recovery.proofs": (_("Secret oublié"), _PROOFS),
    "recovery.proofs_without_email": (_("Secret oublié, sans e-mail"), _PROOFS),
    "recovery.identifier_asks": (_("Identifiant oublié"), _ASKED),
    "activation.sends": (_("Première connexion"), _SENT),
    "activation.asked_by_client": (_("Première connexion"), {"yes": _("demandée par le client")}),
    "terms.version": (_("Conditions d’utilisation"), {"yes": _("à accepter")}),
}
SOMETHING_ELSE = _("Autre chose, que cette console ne connaît pas encore")


def said(words: Words, value: object) -> str:
    """The value itself when a newer release reports one that this one has no word for."""
    return str(words.get(str(value), value))


def section_of(path: object) -> str:
    """The part of the policy that a dotted path stands in: what is below it is for who writes the file."""
    return str(SECTIONS.get(str(path).partition(".")[0].partition("[")[0], SOMETHING_ELSE))


def way_in_words(way: object) -> str:
    """Of what a report names, such as `products.savings`: the place, then the thing."""
    path, _dot, value = str(way).rpartition(".")
    place, words = WAYS.get(path, (SOMETHING_ELSE, {}))
    thing = words.get(value)
    return gettext("%(place)s : %(thing)s") % {"place": place, "thing": thing} if thing else str(place)
