"""What happens to an account, in plain words: for the counter, and for the client on « Ma sécurité »."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS_OF_AN_ACCOUNT: dict[str, Promise] = {
    "account.exception_ended": _("Autre moyen fermé par l’agence"),
    "account.exception_granted": _("Autre moyen ouvert pour quelques jours par l’agence"),
    "account.given": _("Accès ouvert par l’agence"),
    "account.opened": _("Accès créé"),
    "account.secret_forced": _("Secret retiré par l’agence"),
    "account.unlocked": _("Accès rouvert par l’agence"),
    "account.phone_replaced": _("Téléphone remplacé par l’agence"),
    "account.contact_corrected": _("E-mail ou mobile corrigé par l’agence"),
    "account.devices_forgotten": _("Seconde étape remise à zéro par l’agence"),
    "activation.sent": _("Première connexion : envoyée"),
    "activation.opened": _("Première connexion : lien ouvert ou code donné"),
    "activation.done": _("Première connexion : secret choisi"),
    "activation.refused": _("Première connexion : lien ou code refusé"),
    "activation.nothing_sent": _("Première connexion demandée : rien n’est parti"),
    "passkey.copied": _("Clé d’accès refusée : elle a peut-être été copiée"),
    "recovery_code.used": _("Code de secours utilisé, à la place de la seconde étape"),
    "recovery_codes.made": _("Nouveaux codes de secours donnés"),
    "recovery.asked": _("Secret oublié : demande"),
    "recovery.led_on": _("Secret oublié : aucun secret à ce compte, la demande sert à en choisir un"),
    "recovery.sent": _("Secret oublié : envoyé"),
    "recovery.refused": _("Secret oublié : rien n’est parti"),
    "recovery.opened": _("Secret oublié : lien ouvert ou code donné"),
    "recovery.wrong_code": _("Secret oublié : code faux"),
    "recovery.closed": _("Secret oublié : lien ou code qui ne sert plus"),
    "recovery.done": _("Secret oublié : nouveau secret choisi"),
    "recovery.identifier_asked": _("Identifiant oublié : demande"),
    "recovery.identifier_sent": _("Identifiant oublié : envoyé"),
    "recovery.identifier_refused": _("Identifiant oublié : rien n’est parti"),
    "secret.changed": _("Mot de passe ou code secret changé"),
    "secret.change_refused": _("Changement du mot de passe ou du code secret refusé : l’ancien était faux"),
    "secret.renewal_sent": _("Nouveau secret à choisir : envoyé"),
    "secret.renewal_opened": _("Nouveau secret à choisir : lien ouvert ou code donné"),
    "secret.renewal_done": _("Nouveau secret choisi"),
    "secret.renewal_refused": _("Nouveau secret à choisir : lien ou code refusé"),
    "secret.renewal_nothing_sent": _("Nouveau secret demandé : rien n’est parti"),
    "second_step.code_sent": _("Code envoyé par SMS"),
    "second_step.refused": _("Code refusé"),
    "second_factor.enrolled": _("Second moyen choisi"),
    "second_factor.removed": _("Second moyen retiré"),
    "second_step.trusted": _("Seconde étape non demandée : l’appareil est de confiance"),
    "session.ended": _("Connexion d’un autre appareil fermée"),
    "session.others_ended": _("Connexions de tous les autres appareils fermées"),
    "sign_in.done": _("Connexion réussie"),
    "sign_in.locked": _("Mot de passe ou code secret refusé : l’accès s’est fermé"),
    "sign_in.passkey_refused": _("Clé d’accès refusée"),
    "sign_in.refused": _("Mot de passe ou code secret refusé"),
    "sign_in.refused_while_locked": _("Essai refusé : l’accès était fermé"),
    "sign_in.secret_passed": _("Bon mot de passe ou code secret, second code attendu"),
    "sign_in.right_secret_while_locked": _("Bon mot de passe ou code secret, mais l’accès était fermé"),
    "sign_in.steps_passed": _("Identité vérifiée, mais l’espace n’était pas encore ouvert"),
    "step_up.code_sent": _("Code de confirmation envoyé par SMS"),
    "step_up.confirmed": _("Acte confirmé"),
    "step_up.refused": _("Confirmation refusée"),
    "terms.accepted": _("Conditions d’utilisation acceptées"),
    "trusted_device.added": _("Appareil de confiance ajouté"),
    "trusted_device.ended": _("Appareil de confiance retiré"),
    "terms.declined": _("Conditions d’utilisation non acceptées"),
}

# Of those who work here, which no client reads.
EVENTS_OF_STAFF: dict[str, Promise] = {
    "staff.ended": _("Accès d’une personne de la caisse fermé"),
    "staff.reopened": _("Accès d’une personne de la caisse rouvert"),
}

# The same events, where they name the secret: its owner reads the one word that the policy gives it.
_OF_THE_SECRET: dict[str, Promise] = {
    "account.secret_forced": _("Nouveau %(secret)s exigé par l’agence"),
    "activation.done": _("Première connexion : %(secret)s choisi"),
    "recovery.led_on": _(
        "Oubli du %(secret)s : ce compte n’en a pas encore, la demande sert à en choisir un"
    ),
    "recovery.asked": _("Oubli du %(secret)s : demande"),
    "recovery.sent": _("Oubli du %(secret)s : envoyé"),
    "recovery.refused": _("Oubli du %(secret)s : rien n’est parti"),
    "recovery.opened": _("Oubli du %(secret)s : lien ouvert ou code donné"),
    "recovery.wrong_code": _("Oubli du %(secret)s : code faux"),
    "recovery.closed": _("Oubli du %(secret)s : lien ou code qui ne sert plus"),
    "recovery.done": _("Nouveau %(secret)s choisi, après un oubli"),
    "secret.renewal_sent": _("Nouveau %(secret)s à choisir : envoyé"),
    "secret.renewal_done": _("Nouveau %(secret)s choisi"),
    "secret.renewal_refused": _("Nouveau %(secret)s à choisir : lien ou code refusé"),
    "secret.renewal_nothing_sent": _("Nouveau %(secret)s demandé : rien n’est parti"),
    "secret.changed": _("Changement du %(secret)s"),
    "secret.change_refused": _("Changement du %(secret)s refusé : l’ancien était faux"),
    "sign_in.locked": _("Essai refusé : %(secret)s faux, l’accès s’est fermé"),
    "sign_in.refused": _("Essai refusé : %(secret)s faux"),
    "sign_in.right_secret_while_locked": _("Bon %(secret)s, mais l’accès était fermé"),
}

# Steps on the way to what the client reads of anyway.
UNSAID_TO_CLIENTS = frozenset({"sign_in.secret_passed", "activation.opened", "secret.renewal_opened"})


def words_for_client(kind: str, *, secret: str) -> str | None:
    """None for what is not theirs to read: who looked at the file, and what only a counter understands.

    `secret`: what the policy calls it.
    """
    words = _OF_THE_SECRET.get(kind) or EVENTS_OF_AN_ACCOUNT.get(kind)
    return None if words is None or kind in UNSAID_TO_CLIENTS else str(words) % {"secret": secret}


def kinds_for_client() -> list[str]:
    return [kind for kind in EVENTS_OF_AN_ACCOUNT if kind not in UNSAID_TO_CLIENTS]
