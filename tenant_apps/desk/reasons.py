"""Why a member of staff acts, and what they were shown: short lists, kept as codes in the journal."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.agencies.wording import CANCEL_REASONS
from tenant_apps.identity.exceptions import Way

OTHER = "other"
_APART = ": "

REASONS: dict[str, Promise] = {
    "at_counter": _("Le client est venu à l’agence"),
    "by_phone": _("Le client a appelé, et j’ai vérifié qui il est"),
    "lost": _("Téléphone perdu ou volé"),
    "broken": _("Téléphone en panne"),
    "new_number": _("Le client a changé de numéro"),
    "new_device": _("Le client a changé de téléphone"),
    "wrong_codes": _("L’application ne donne plus de bon code"),
    "not_received": _("Le message n’est pas arrivé"),
    "lapsed": _("Le message est arrivé trop tard"),
    "seen": _("Quelqu’un d’autre a pu voir ou obtenir le secret"),
    "account_watched": _("Connexions que le client ne reconnaît pas"),
    "away": _("Le client est loin de son moyen habituel"),
    "no_mobile": _("Le client n’a pas de mobile"),
    "no_smartphone": _("Le client n’a pas de smartphone"),
    "no_email": _("Le client n’a pas d’e-mail, ou ne le lit pas"),
    "abroad": _("Le client est en voyage"),
    "came_back": _("Un message en est revenu"),
    "new_address": _("Le client a changé d’e-mail ou de numéro"),
    "mistyped": _("Il y avait une faute dans le dossier"),
    "told": _("Le client est prévenu autrement"),
    "corrected": _("L’adresse ou le numéro est corrigé"),
    "pointless": _("Ce message ne sert plus"),
    "declared": _("Le client l’a déclaré"),
    "claim": _("Une réclamation est arrivée"),
    "found": _("La reconnaissance est retrouvée ou refaite"),
    "claim_over": _("La réclamation est réglée"),
    "block_mistaken": _("Le blocage était une erreur"),
    "fee_mistaken": _("Ces frais étaient une erreur"),
    "goodwill": _("Un geste de la caisse"),
    "price_mistyped": _("Le prix était mal saisi"),
    "other_lot": _("C’était le prix d’un autre lot"),
    "wrong_contract": _("Ce n’était pas le bon contrat"),
    "wrong_sum": _("Ce n’était pas la bonne somme"),
    "wrong_act": _("Ce n’était pas le bon acte"),
    "never_paid": _("Le client n’a rien payé"),
    "taken_by_bank": _("La banque du client a repris la somme"),
    "hard_time": _("Une difficulté passagère"),
    "expects_money": _("Une rentrée d’argent est attendue"),
    "estate": _("Une succession est en cours"),
    "first_contract": _("Premier contrat"),
    "registered": _("Inscription à l’agence"),
    "access_asked": _("Le client le demande"),
    "member": _("Le client devient adhérent"),
    "import": _("Fichier importé"),
    "agreed": _("Le client est d’accord"),
    "settled_elsewhere": _("Déjà réglé à l’agence"),
    "mended": _("Ce qui empêchait est réparé"),
    OTHER: _("Autre raison"),
    # Said to the client too: one place for both.
    **CANCEL_REASONS,
}
TO_UNLOCK = ("at_counter", "by_phone", OTHER)
TO_REPLACE = ("lost", "broken", "new_number", OTHER)
TO_FORGET = ("lost", "new_device", "wrong_codes", OTHER)
TO_GIVE_ACCESS = ("access_asked", "member", OTHER)
TO_ACTIVATE = ("not_received", "lapsed", OTHER)
TO_FORCE = ("seen", "account_watched", OTHER)
TO_CORRECT = ("came_back", "new_address", "mistyped", OTHER)
TO_SETTLE = ("told", "corrected", "pointless", OTHER)
# What may open each way: no mobile is no reason for codes by SMS.
TO_EXCEPT: dict[str, tuple[str, ...]] = {
    Way.SMS: ("no_smartphone", "lost", "broken", "abroad", OTHER),
    Way.TOTP: ("no_mobile", "lost", "broken", "abroad", OTHER),
    Way.PIN: ("no_mobile", "no_smartphone", "lost", "broken", "abroad", OTHER),
    Way.LETTER: ("no_email", "no_mobile", "lost", "broken", OTHER),
}
TO_WAIVE = ("fee_mistaken", "goodwill", OTHER)
TO_CORRECT_SALE = ("price_mistyped", "other_lot", OTHER)
TO_TAKE_BACK = ("wrong_contract", "wrong_sum", "wrong_act", "never_paid", OTHER)
TO_OWE_AGAIN = ("taken_by_bank", OTHER)
TO_GIVE_TIME = ("hard_time", "expects_money", "estate", OTHER)
TO_CANCEL = tuple(CANCEL_REASONS)
TO_RELEASE = ("agreed", "settled_elsewhere", "mended", OTHER)


def choices(codes: Iterable[str]) -> list[tuple[str, Promise]]:
    return [(code, REASONS[code]) for code in codes]


def reasons_to_except(ways: Iterable[str]) -> list[str]:
    """Those of any of these ways, another one last."""
    found = dict.fromkeys(code for way in ways for code in TO_EXCEPT[way] if code != OTHER)
    return [*found, OTHER]


def reason_of(*, code: str, note: str) -> str:
    """As the journal keeps it: the code, then what was added to it."""
    return f"{code}{_APART}{note}" if note else code


def reason_in_words(reason: str) -> str:
    """What `reason_of` made, for a reader; a reason of elsewhere comes back as it is."""
    code, _sign, note = reason.partition(_APART)
    if code not in REASONS:
        return reason
    if code == OTHER and note:
        return note
    return f"{REASONS[code]} ({note})" if note else str(REASONS[code])
