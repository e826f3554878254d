"""What the journal of the caisse is called on the screens: its groups of events, and those that are about no client."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.desk import wording

CONSULTATIONS = ("desk.",)


@dataclass(frozen=True, slots=True)
class Group:
    """The events whose kinds begin with one of these words."""

    label: Promise
    kinds: tuple[str, ...]


GROUPS: dict[str, Group] = {
    "connexions": Group(_("Connexions"), ("sign_in.", "second_step.", "session")),
    "premiere-connexion": Group(
        _("Première connexion et secret oublié"), ("activation.", "recovery.", "secret.")
    ),
    "seconde-etape": Group(
        _("Moyens de la seconde étape"),
        ("second_factor.", "device.", "step_up.", "passkey", "recovery_code", "trusted_device."),
    ),
    "comptes": Group(_("Comptes et coordonnées"), ("account.", "client.", "terms.")),
    "rendez-vous": Group(_("Rendez-vous"), ("appointment.",)),
    "messages": Group(_("Messages"), ("message.", "letter.", "letters.")),
    "alarmes": Group(_("Alarmes"), ("sign_in.address_braked", "sign_in.spray_alarm", "sign_in.mass_alarm")),
    "gages": Group(_("Prêts sur gage"), ("pawn.",)),
    "paiements": Group(_("Paiements par carte"), ("payment.", "payments.")),
    "consultations": Group(_("Lectures de l’agence"), (*CONSULTATIONS, "journal.exported")),
    "plateforme": Group(_("Journal et clés"), ("journal.", "keys.")),
}

OF_NOBODY: dict[str, Promise] = {
    "desk.file_opened": _("Dossier ouvert par l’agence"),
    "desk.contract_opened": _("Contrat ouvert à l’écran par l’agence"),
    "desk.journal_read": _("Journal consulté par l’agence"),
    "journal.exported": _("Journal exporté par l’agence"),
    "journal.addresses_erased": _("Adresses Internet effacées, leur durée de garde est passée"),
    "letters.opened": _("Lot de lettres ouvert par l’agence"),
    "letters.confirmed": _("Lot de lettres imprimé par l’agence"),
    "keys.rotated": _("Clé de chiffrement remplacée"),
    "sign_in.address_braked": _("Trop d’essais depuis une même connexion Internet"),
    "sign_in.mass_alarm": _("Alarme : beaucoup de comptes fermés en peu de temps"),
    "sign_in.spray_alarm": _("Alarme : un même secret essayé sur plusieurs comptes"),
}

OF_PAYMENTS: dict[str, Promise] = {
    "payment.created": _("Paiement par carte demandé"),
    "payment.waiting": _("Paiement par carte : client envoyé chez le prestataire"),
    "payment.refused": _("Paiement par carte refusé"),
    "payment.abandoned": _("Paiement par carte abandonné"),
    "payment.paid": _("Paiement par carte reçu"),
    "payment.captured_twice": _("Paiement par carte débité deux fois : à vérifier"),
    "payment.disputed": _("Paiement par carte contesté auprès de la banque : à traiter chez le prestataire"),
    "payment.dispute_won": _("Paiement par carte contesté : la somme reste à la caisse"),
    "payment.dispute_lost": _("Paiement par carte contesté : la banque a repris la somme"),
    "payment.held": _("Somme payée par carte gardée par l’agence"),
    "payment.held_applied": _("Somme gardée utilisée par l’agence"),
    "payment.refund_asked": _("Remboursement sur la carte demandé"),
    "payment.refund_sent": _("Remboursement sur la carte parti"),
    "payment.refund_done": _("Remboursement sur la carte fait"),
    "payment.refund_failed": _("Remboursement sur la carte impossible"),
    "payments.compared": _("Journée comparée avec la liste du prestataire de paiement"),
    "payments.exported": _("Paiements exportés pour la comptabilité"),
}


def event_in_words(kind: str) -> Promise:
    return OF_NOBODY.get(kind) or OF_PAYMENTS.get(kind) or wording.EVENTS.get(kind, wording.ANOTHER_EVENT)
