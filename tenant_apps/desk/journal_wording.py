"""What the journal of the caisse is called on the screens: its groups of events, and each kind of them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.desk.pawn_words import EVENTS as EVENTS_OF_PAWN_LOANS
from tenant_apps.identity.event_words import EVENTS_OF_AN_ACCOUNT, EVENTS_OF_STAFF

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
    "comptes": Group(_("Comptes et coordonnées"), ("account.", "client.", "staff.", "terms.")),
    "rendez-vous": Group(_("Rendez-vous"), ("appointment.",)),
    "messages": Group(_("Messages"), ("message.", "letter.", "letters.")),
    "alarmes": Group(_("Alarmes"), ("sign_in.address_braked", "sign_in.spray_alarm", "sign_in.mass_alarm")),
    "gages": Group(_("Prêts sur gage"), ("pawn.",)),
    "paiements": Group(_("Paiements par carte"), ("payment.", "payments.")),
    "consultations": Group(_("Lectures de l’agence"), (*CONSULTATIONS, "journal.exported")),
    "plateforme": Group(_("Journal et clés"), ("journal.", "keys.")),
}

ANOTHER_EVENT = _("Autre événement")
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

OF_THE_COUNTER: dict[str, Promise] = {
    "appointment.booked": _("Rendez-vous pris"),
    "appointment.cancelled": _("Rendez-vous annulé"),
    "appointment.kept": _("Venu au rendez-vous"),
    "appointment.missed": _("Pas venu au rendez-vous"),
    "appointment.moved": _("Rendez-vous déplacé"),
    "client.file_changed": _("Dossier corrigé par un fichier importé"),
    "client.imported": _("Client inscrit par un fichier importé"),
    "client.registered": _("Client inscrit par l’agence"),
    "message.came_back": _("Un message n’est pas arrivé"),
    "message.letter_seen": _("Lettre ouverte par l’agence pour l’imprimer"),
    "message.printed": _("Lettre imprimée et mise sous pli"),
    "message.settled": _("Message non arrivé : traité par l’agence"),
    "message.sent_again": _("Message envoyé à nouveau par l’agence"),
}

# Every kind of event: the client’s file and the journal read the same words.
EVENTS: dict[str, Promise] = {
    # What a client reads of the same events is made of the same words: one place for both.
    **EVENTS_OF_AN_ACCOUNT,
    **EVENTS_OF_STAFF,
    **EVENTS_OF_PAWN_LOANS,
    **OF_PAYMENTS,
    **OF_THE_COUNTER,
    **OF_NOBODY,
}
READINGS = tuple(kind for kind in OF_NOBODY if kind.startswith(CONSULTATIONS))


def event_in_words(kind: str) -> Promise:
    return EVENTS.get(kind, ANOTHER_EVENT)
