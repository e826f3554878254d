"""What appointments are called on the screens and in the messages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.agencies.models import Appointment, Kind
from tenant_apps.agencies.refusals import Why

PURPOSES: dict[str, Promise] = {
    Kind.BRING: _("Déposer un objet en gage"),
    Kind.REDEEM: _("Reprendre un objet"),
    Kind.APPRAISAL: _("Faire estimer un objet"),
    Kind.OTHER: _("Une autre demande"),
}

PURPOSES_EXPLAINED: dict[str, Promise] = {
    Kind.BRING: _("Pour obtenir un prêt."),
    Kind.REDEEM: _("Après avoir remboursé, ou pour rembourser sur place."),
    Kind.APPRAISAL: _("Pour savoir ce qu’il vaut, sans vous engager."),
    Kind.OTHER: _("Une question, un papier, un conseil."),
}

# Why the agency cancels: said to the client, and kept in the journal as a code.
CANCEL_REASONS: dict[str, Promise] = {
    "agency_closed": _("L’agence sera fermée à cette heure"),
    "nobody_there": _("La personne qui devait vous recevoir est absente"),
    "client_asked": _("Vous nous avez demandé de l’annuler"),
    "other": _("Autre raison"),
}

STATES: dict[str, tuple[str, Promise]] = {
    Appointment.State.BOOKED: ("good", _("Prévu")),
    Appointment.State.CANCELLED: ("neutral", _("Annulé")),
    Appointment.State.KEPT: ("good", _("Venu")),
    Appointment.State.MISSED: ("warn", _("Pas venu")),
}
OVER: tuple[str, Promise] = ("neutral", _("Passé"))

REFUSED: dict[Why, Promise] = {
    "taken": _("Cet horaire n’est plus libre. Choisissez-en un autre."),
    "too_many": _(
        "Vous avez déjà autant de rendez-vous à venir que la caisse le permet. Annulez-en un, ou appelez l’agence."
    ),
    "too_many_missed": _(
        "Plusieurs de vos rendez-vous ont été manqués ou rendus trop tard. Pour en prendre un autre, appelez l’agence."
    ),
    "too_often": _(
        "Vous avez déjà pris ou déplacé beaucoup de rendez-vous aujourd’hui. Réessayez demain, ou appelez l’agence."
    ),
    "overlap": _(
        "Vous avez déjà un rendez-vous à cette heure : il est dans « Mes rendez-vous ». "
        "Pour un autre, choisissez une autre heure."
    ),
    "form_reused": _("Cette page a déjà servi pour un autre rendez-vous. Recommencez depuis la liste."),
    "unknown_subject": _(
        "Ce que vous aviez choisi n’est plus dans votre dossier. Recommencez sans le choisir."
    ),
    "late": _("Il est trop tard pour changer ce rendez-vous en ligne. Appelez l’agence."),
    "over": _("Ce rendez-vous est passé ou annulé : il ne peut plus changer."),
    "too_early": _("Ce rendez-vous n’est pas encore passé."),
}

# What a page says of the act just done, by the code in its address.
DONE: dict[str, Promise] = {
    "pris": _("Votre rendez-vous est pris."),
    "deplace": _("Votre rendez-vous est déplacé."),
    "annule": _("Votre rendez-vous est annulé. L’horaire est rendu à l’agence."),
}


def reason_for_client(*, appointment: Appointment) -> str:
    """Why the agency cancelled, in the language of the moment; empty when the client did."""
    reason, words = appointment.cancel_reason, appointment.cancel_note
    if not reason:
        return ""
    if reason == "other" and words:
        return words
    said = str(CANCEL_REASONS.get(reason, CANCEL_REASONS["other"]))
    return f"{said} ({words})" if words else said


def refusal_in_words(word: str) -> Promise | None:
    """Of a word in an address, which may be any."""
    return next((text for why, text in REFUSED.items() if why == word), None)
