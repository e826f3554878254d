"""Pawn loans in the words of the counter."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.pawn.domain.law import Metal
from tenant_apps.pawn.domain.operations import OperationKind, Part, Source
from tenant_apps.pawn.domain.possible import Act, BlockKind, WhyNot
from tenant_apps.pawn.lists import Waiting
from tenant_apps.pawn.models import Operation
from tenant_apps.pawn.services.errors import WhyNotLent

OPERATIONS: dict[str, Promise] = {
    OperationKind.OPENED: _("Contrat ouvert, somme remise"),
    OperationKind.PROLONGED: _("Contrat prolongé"),
    OperationKind.PAID_DOWN: _("Paiement d’une partie"),
    OperationKind.REDEEMED: _("Contrat remboursé"),
    OperationKind.HANDED_OVER: _("Objets remis"),
    OperationKind.ANNOUNCED: _("Vente annoncée"),
    OperationKind.WITHDRAWN: _("Retiré de la vente"),
    OperationKind.SOLD: _("Vendu aux enchères"),
    OperationKind.BONI_PAID: _("Boni versé"),
    OperationKind.BONI_LAPSED: _("Boni acquis à la caisse"),
    OperationKind.BLOCKED: _("Contrat bloqué"),
    OperationKind.UNBLOCKED: _("Contrat débloqué"),
    OperationKind.CHARGED: _("Frais comptés"),
    OperationKind.WAIVED: _("Frais retirés"),
    OperationKind.EXTRA_TIME: _("Délai accordé par le directeur"),
    OperationKind.SALE_CORRECTED: _("Prix de la vente corrigé"),
    OperationKind.TAKEN_BACK: _("Encaissement annulé"),
}
# What the journal calls each act, and what the calendar does by itself.
EVENTS: dict[str, Promise] = {
    "pawn.opened": _("Prêt sur gage : contrat ouvert"),
    "pawn.prolonged": _("Prêt sur gage : contrat prolongé"),
    "pawn.paid_down": _("Prêt sur gage : partie du capital payée"),
    "pawn.redeemed": _("Prêt sur gage : contrat remboursé"),
    "pawn.handed_over": _("Prêt sur gage : objets remis"),
    "pawn.announced": _("Prêt sur gage : vente annoncée"),
    "pawn.withdrawn": _("Prêt sur gage : retiré de la vente"),
    "pawn.sold": _("Prêt sur gage : vendu aux enchères"),
    "pawn.boni_paid": _("Prêt sur gage : boni versé"),
    "pawn.boni_lapsed": _("Prêt sur gage : boni acquis à la caisse"),
    "pawn.blocked": _("Prêt sur gage : contrat bloqué"),
    "pawn.unblocked": _("Prêt sur gage : contrat débloqué"),
    "pawn.charged": _("Prêt sur gage : frais comptés"),
    "pawn.extra_time": _("Prêt sur gage : délai accordé par le directeur"),
    "pawn.sale_corrected": _("Prêt sur gage : prix de la vente corrigé"),
    "pawn.waived": _("Prêt sur gage : frais retirés"),
    "pawn.taken_back": _("Prêt sur gage : encaissement annulé"),
    "pawn.due": _("Prêt sur gage : échéance passée"),
    "pawn.in_grace": _("Prêt sur gage : délai de grâce commencé"),
    "pawn.photo_added": _("Prêt sur gage : photo d’un objet ajoutée"),
    "pawn.photo_replaced": _("Prêt sur gage : photo d’un objet remplacée"),
    "pawn.photo_removed": _("Prêt sur gage : photo d’un objet retirée"),
    "pawn.receipt_printed": _("Prêt sur gage : reconnaissance imprimée"),
    "pawn.receipt_duplicated": _("Prêt sur gage : duplicata de la reconnaissance imprimé"),
    "pawn.boni_receipt_printed": _("Prêt sur gage : quittance de boni imprimée"),
    "pawn.boni_receipt_duplicated": _("Prêt sur gage : duplicata de la quittance de boni imprimé"),
    "pawn.exported": _("Prêts sur gage : journée exportée pour la comptabilité"),
}
PARTS: dict[str, Promise] = {
    Part.LENT: _("Somme prêtée"),
    Part.CAPITAL: _("Capital"),
    Part.INTEREST: _("Intérêts"),
    Part.MINIMUM: _("Complément au minimum d’intérêts"),
    Part.FIXED_FEE: _("Droit fixe"),
    Part.PENALTY: _("Pénalité de retard"),
    Part.ACT: _("Frais"),
    Part.BONI: _("Boni"),
    Part.DEFICIT: _("Manque, à la charge de la caisse"),
}
TARIFF_ACTS: dict[str, Promise] = {
    "due_notice": _("Avis d’échéance"),
    "sale_notice": _("Avis de vente"),
    "boni_notice": _("Avis de boni"),
    "sale_preparation": _("Préparation de la vente"),
    "sale_withdrawal": _("Retrait de la vente"),
    "requested_sale": _("Vente demandée par le client"),
    "lost_receipt": _("Reconnaissance perdue"),
    "sending": _("Envoi de l’objet"),
    "cleaning": _("Nettoyage"),
    "other": _("Autres frais"),
}
SOURCES: dict[str, Promise] = {
    Source.COUNTER: _("à l’agence"),
    Source.CARD: _("par carte, en ligne"),
    Source.CLOCK: _("par le calendrier"),
    Source.CLIENT: _("par le client, en ligne"),
}
TOLD_BY: dict[str, Promise] = {
    "mail": _("par e-mail"),
    "sms": _("par SMS"),
    "letter": _("par lettre"),
}
BLOCKS: dict[str, Promise] = {
    BlockKind.LOST_RECEIPT: _("Reconnaissance perdue"),
    BlockKind.CLAIMED_BY_OTHER: _("Objet réclamé par une autre personne"),
}
WAITING: dict[Waiting, Promise] = {
    Waiting.DUE_SOON: _("Bientôt à échéance"),
    Waiting.DUE: _("Échus"),
    Waiting.IN_GRACE: _("En délai de grâce"),
    Waiting.FOR_SALE: _("Vente annoncée"),
    Waiting.TO_HAND_OVER: _("Objets à remettre"),
    Waiting.BONI: _("Bonis à verser"),
    Waiting.BLOCKED: _("Bloqués"),
    Waiting.UNREACHED: _("Clients non joints"),
}
ON_WEIGHT: dict[str, Promise] = {
    Metal.GOLD: _("Sur le poids d’or"),
    Metal.SILVER: _("Sur le poids d’argent"),
    Metal.PLATINUM: _("Sur le poids de platine"),
}
METALS: dict[str, Promise] = {
    Metal.GOLD: _("Or"),
    Metal.SILVER: _("Argent"),
    Metal.PLATINUM: _("Platine"),
}
ACTS: dict[Act, Promise] = {
    Act.PROLONG: _("Prolonger"),
    Act.PAY_PART: _("Payer une partie"),
    Act.REDEEM: _("Rembourser tout"),
    Act.FETCH: _("Remettre les objets"),
    Act.REQUEST_SALE: _("Annoncer la vente, à la demande du client"),
    Act.ANNOUNCE_SALE: _("Annoncer la vente"),
    Act.WITHDRAW: _("Retirer de la vente"),
    Act.SELL: _("Enregistrer la vente"),
    Act.CLAIM_BONI: _("Verser le boni"),
    Act.EXTRA_TIME: _("Accorder un délai"),
}
WHY_NOT: dict[WhyNot, Promise] = {
    WhyNot.DISPUTED: _(
        "La banque du client reprend un paiement de ce contrat : "
        "l’objet ne se remet qu’avec l’accord de la comptabilité."
    ),
    WhyNot.MIRRORED: _("Ce contrat est tenu dans le logiciel de la caisse : c’est là qu’il se change."),
    WhyNot.REDEEMED: _("Ce contrat est déjà remboursé."),
    WhyNot.SOLD: _("Les objets sont vendus : ce contrat est terminé."),
    WhyNot.ANNOUNCED: _(
        "La vente est annoncée : remboursez tout, ou retirez d’abord le contrat de la vente."
    ),
    WhyNot.LOST_RECEIPT: _("La reconnaissance est perdue (CMF D514-10 et D514-11)."),
    WhyNot.CLAIMED_BY_OTHER: _("Une autre personne réclame l’objet : il reste sous séquestre (CMF D514-22)."),
    WhyNot.TOO_EARLY: _("C’est trop tôt."),
    WhyNot.TOO_FAR: _("Ce jour est trop loin."),
    WhyNot.EXTRA_TIME: _("Le directeur a accordé un délai (CMF D514-14)."),
    WhyNot.NEW_GOODS: _("Un objet neuf ne se vend qu’une fois l’échéance passée (CMF D514-15)."),
    WhyNot.OUT_OF_BOUNDS: _("Ce délai n’est pas dans les limites que la caisse s’est données."),
    WhyNot.NOT_ANNOUNCED: _("Aucune vente n’est annoncée."),
    WhyNot.NOTHING_TO_FETCH: _("Les objets se remettent quand tout est payé."),
    WhyNot.FETCHED: _("Les objets sont déjà remis."),
    WhyNot.NO_BONI: _("Il n’y a pas de boni à verser."),
    WhyNot.BONI_CLAIMED: _("Le boni est déjà versé."),
    WhyNot.BONI_LAPSED: _("Le boni n’a pas été retiré à temps : il est acquis à la caisse (CMF D514-21)."),
    WhyNot.AT_THE_END: _(
        "Le prêt a atteint la plus longue durée permise (CMF D514-7) : il faut une nouvelle estimation et un nouveau "
        "contrat."
    ),
    WhyNot.MONTHS_NOT_OFFERED: _("Le tarif de ce contrat n’offre pas cette durée."),
    WhyNot.BEYOND_TWO_YEARS: _("Le contrat durerait plus longtemps que la loi ne le permet (CMF D514-7)."),
    WhyNot.NOT_LATER: _("La nouvelle échéance ne serait pas plus tard que l’ancienne."),
    WhyNot.OUT_OF_ORDER: _("Une opération plus récente est déjà enregistrée."),
    WhyNot.BELOW_CHARGES: _(
        "Cette somme ne dépasse pas les intérêts et les frais, qui se paient d’abord : prolongez, ou payez davantage."
    ),
    WhyNot.REDEEMS: _("Cette somme paie tout : choisissez « Rembourser tout »."),
    WhyNot.NO_REASON: _("Cette raison ne va pas avec cet acte : choisissez-en une autre."),
    WhyNot.NOTHING_BLOCKS: _("Rien ne bloque ce contrat."),
    WhyNot.NOT_PRICED: _("Le tarif de ce contrat ne prévoit pas ces frais."),
    WhyNot.NOT_SOLD: _("Aucune vente n’est enregistrée."),
    WhyNot.SALE_TOLD: _("Le client a été prévenu du résultat de la vente : le prix ne se corrige plus ici."),
    WhyNot.CORRECTION_CLOSED: _("Le délai pour corriger ce prix est passé : le prix ne se corrige plus ici."),
    WhyNot.PRICE_CHANGED: _(
        "Le prix enregistré a changé depuis : vérifiez les nouvelles sommes. Rien n’a été enregistré."
    ),
    WhyNot.BONI_CHANGED: _("Le boni a changé depuis : vérifiez la nouvelle somme. Rien n’a été enregistré."),
    WhyNot.SAME_PRICE: _("C’est le prix déjà enregistré : saisissez celui qui est juste."),
    WhyNot.NO_SUCH_FEE: _("Ces frais ne sont plus dus : payés, ou déjà retirés."),
    WhyNot.NOT_A_PAYMENT: _("Cette opération n’est pas un encaissement : il n’y a rien à annuler."),
    WhyNot.TAKEN_BACK: _("Cet encaissement est déjà annulé."),
    WhyNot.FOLLOWED: _(
        "Depuis, un autre acte a été enregistré (« %(followed)s ») : cet encaissement ne s’annule plus. "
        "Voyez avec la comptabilité."
    ),
    WhyNot.OBJECT_GONE: _(
        "Les objets sont déjà remis : rien ne s’annule ici. La somme se réclame autrement, avec la comptabilité."
    ),
    WhyNot.TILL_CLOSED: _(
        "La journée de cet encaissement est terminée, et sa caisse avec elle : il ne s’annule plus ici. "
        "Voyez avec la comptabilité."
    ),
    WhyNot.NOT_LOST: _(
        "Ce paiement par carte est à la caisse : la dette ne se remet que si la banque du client a repris la somme."
    ),
    WhyNot.LOST_IN_PART: _(
        "La banque du client n’a repris qu’une partie de ce qui a été payé : la dette ne se remet pas ici. "
        "Voyez avec la comptabilité."
    ),
    WhyNot.TOO_MUCH_CASH: _(
        "En espèces, %(most)s au plus par contrat et par jour (CMF L112-6 et D112-3) : choisissez un autre moyen."
    ),
    WhyNot.WRONG_AMOUNT: _("Le prix a changé depuis : vérifiez la nouvelle somme. Rien n’a été enregistré."),
}
WHY_NOT_LENT: dict[WhyNotLent, Promise] = {
    WhyNotLent.NO_TARIFF: _("La caisse n’a pas de tarif à cette date : prévenez l’administration."),
    WhyNotLent.NO_OBJECT: _("Décrivez au moins un objet."),
    WhyNotLent.NO_METAL_PRICE: _(
        "La caisse n’a pas de prix pour ce métal à cette date : prévenez l’administration, ou prêtez sur l’estimation."
    ),
    WhyNotLent.ABOVE_THE_LAW: _("La loi permet de prêter %(most)s au plus sur ces objets (CMF D514-8)."),
    WhyNotLent.ABOVE_USURY: _(
        "À ce tarif, ce prêt dépasse le seuil de l’usure (Code de la consommation L314-6) : prévenez l’administration."
    ),
    WhyNotLent.USURY_UNKNOWN: _(
        "Le seuil de l’usure de ce trimestre n’est pas encore connu ici, et ce prêt est trop près du dernier connu "
        "(Code de la consommation L314-6) : attendez le seuil, ou prévenez l’administration."
    ),
    WhyNotLent.NEW_GOODS: _("La caisse ne prête pas sur un objet neuf : sa politique le dit."),
    WhyNotLent.NO_INVOICE: _("Pour un objet neuf, la caisse demande la facture (CMF D514-1)."),
    WhyNotLent.AMOUNT_NOT_OFFERED: _("Le tarif n’offre pas cette somme. Il prête %(offered)s."),
    WhyNotLent.MONTHS_NOT_OFFERED: _("Le tarif n’offre pas cette durée."),
}
REUSED = _(
    "Ce formulaire avait déjà servi, avec d’autres réponses : rien n’a été enregistré cette fois. Relisez le contrat."
)
ACTIVATIONS: dict[str, tuple[str, Promise]] = {
    "sent": (
        "good",
        _("Le contrat est ouvert. Le client reçoit de quoi se connecter pour la première fois."),
    ),
    "activated": ("good", _("Le contrat est ouvert. Le client le voit dans son espace.")),
    "no_email": (
        "warn",
        _(
            "Le contrat est ouvert. Le dossier n’a pas d’adresse e-mail : la première connexion n’a pas pu partir."
        ),
    ),
    "no_mobile": (
        "warn",
        _("Le contrat est ouvert. Le dossier n’a pas de mobile : la première connexion n’a pas pu partir."),
    ),
    "no_identifier": (
        "warn",
        _("Le contrat est ouvert. Le dossier ne suffit pas pour créer l’accès en ligne : complétez-le."),
    ),
    "closed": ("warn", _("Le contrat est ouvert. L’accès en ligne de ce client est fermé par la caisse.")),
    "agency": ("neutral", _("Le contrat est ouvert. La première connexion se donne à l’agence.")),
}
# What the page of a contract says of the act just done, by the code in its address.
DONE: dict[str, tuple[str, Promise]] = {
    **{f"ouvert-{why}": said for why, said in ACTIVATIONS.items()},
    "deja": ("neutral", _("Ce formulaire a déjà servi : l’historique dit ce qui a été enregistré.")),
    "autre": ("warn", REUSED),
    "prolonge": ("good", _("Le contrat est prolongé.")),
    "partie": ("good", _("Le paiement est enregistré.")),
    "rembourse": ("good", _("Le contrat est remboursé. Les objets peuvent être remis.")),
    "remis": ("good", _("La remise des objets est enregistrée.")),
    "annonce": ("good", _("La vente est annoncée.")),
    "retire": ("good", _("Le contrat est retiré de la vente.")),
    "vendu": ("good", _("La vente est enregistrée.")),
    "vente-corrigee": ("good", _("Le prix de la vente est corrigé.")),
    "boni": ("good", _("Le boni est versé. Imprimez la quittance, et faites-la signer.")),
    "bloque": ("good", _("Le contrat est bloqué.")),
    "debloque": ("good", _("Le contrat est débloqué.")),
    "frais": ("good", _("Les frais sont retirés de la dette.")),
    "encaissement-annule": (
        "good",
        _("L’encaissement est annulé. Le client est prévenu."),
    ),
    "dette-remise": ("good", _("La dette est remise sur le contrat. Le client est prévenu.")),
    "frais-factures": ("good", _("Les frais sont ajoutés à la dette.")),
    "delai": ("good", _("Le délai est accordé. Le client est prévenu.")),
    "photo": ("good", _("La photo est enregistrée. Le client la voit dans son espace.")),
    "photo-retiree": ("good", _("La photo est retirée.")),
}


OWED_AGAIN = _("Dette remise")


def operation_label(operation: Operation) -> Promise:
    """What a bank has back is no payment that the agency cancels."""
    payment = operation.takes_back
    return OWED_AGAIN if payment is not None and payment.payment else OPERATIONS[operation.kind]


def part_label(*, part: str, act: str) -> Promise:
    """A fee of the tariff is called by its act."""
    return TARIFF_ACTS.get(act, PARTS[part]) if act else PARTS[part]
