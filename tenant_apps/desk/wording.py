"""What the records of the caisse are called at the counter."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.standing import Access

ACCESS: dict[Access, tuple[str, Promise]] = {
    Access.OPEN: ("good", _("Ouvert")),
    Access.WAITS: ("warn", _("Fermé jusqu’à %(hour)s, après des échecs")),
    Access.CLOSED: ("bad", _("Fermé jusqu’à ce que l’agence le rouvre")),
    Access.NEVER_ACTIVATED: ("neutral", _("Jamais activé")),
    Access.CHOOSES_ANEW: ("warn", _("Doit choisir un nouveau secret")),
    Access.SHUT: ("bad", _("Fermé par la caisse")),
}

MESSAGES: dict[str, Promise] = {
    "access_closed": _("Accès fermé après trop d’essais"),
    "account_unlocked": _("Accès rouvert"),
    "activation_identifier": _("Identifiant, pour choisir un secret"),
    "activation_letter": _("Code par courrier, pour choisir un secret"),
    "activation_link": _("Lien, pour choisir un secret"),
    "activation_password": _("Mot de passe provisoire"),
    "appointment_booked": _("Rendez-vous pris"),
    "appointment_cancelled": _("Rendez-vous annulé par l’agence"),
    "appointment_moved": _("Rendez-vous déplacé"),
    "appointment_reminder": _("Rappel de rendez-vous"),
    "contact_corrected": _("Coordonnées corrigées"),
    "devices_changed": _("Seconde étape changée par le client"),
    "devices_forgotten": _("Seconde étape remise à zéro"),
    "exception_granted": _("Autre moyen ouvert"),
    "identifier_reminder": _("Identifiant oublié"),
    "new_sign_in": _("Nouvelle connexion"),
    "pawn_boni": _("Prêt sur gage : boni à retirer"),
    "pawn_due": _("Prêt sur gage : échéance"),
    "pawn_due_soon": _("Prêt sur gage : échéance proche"),
    "pawn_receipt": _("Prêt sur gage : reçu de paiement à l’agence"),
    "pawn_withdrawn": _("Prêt sur gage : vente retirée"),
    "pawn_extra_time": _("Prêt sur gage : délai accordé"),
    "pawn_in_grace": _("Prêt sur gage : délai de grâce"),
    "pawn_lapsing": _("Prêt sur gage : boni bientôt perdu"),
    "pawn_prolonged": _("Prêt sur gage : prolongation gratuite"),
    "pawn_sale": _("Prêt sur gage : vente annoncée"),
    "pawn_sold": _("Prêt sur gage : objet vendu"),
    "pawn_taken_back": _("Prêt sur gage : paiement annulé"),
    "payment_disputed": _("Paiement : contesté par la banque"),
    "payment_held": _("Paiement : somme gardée"),
    "payment_receipt": _("Paiement : reçu"),
    "payment_refunded": _("Paiement : remboursement"),
    "payment_used": _("Paiement : somme gardée, utilisée"),
    "payment_refused": _("Paiement : refusé"),
    "passkey_copied": _("Clé d’accès peut-être copiée"),
    "phone_replaced": _("Téléphone remplacé"),
    "recovery_code_used": _("Code de secours utilisé"),
    "recovery_codes_made": _("Codes de secours renouvelés"),
    "recovery_code": _("Secret oublié : code"),
    "recovery_done": _("Secret oublié : nouveau secret choisi"),
    "recovery_link": _("Secret oublié : lien"),
    "secret_changed": _("Mot de passe ou code secret changé"),
    "secret_forced": _("Secret retiré"),
    "staff_invitation": _("Lien, pour une personne de la caisse"),
    "sms_code": _("Code de connexion"),
    "step_up_code": _("Code de confirmation"),
}
ANOTHER_MESSAGE = _("Message")

CHANNELS: dict[str, Promise] = {"mail": _("E-mail"), "sms": _("SMS"), "letter": _("Lettre")}

STATES: dict[str, tuple[str, Promise]] = {
    "queued": ("neutral", _("En attente de départ")),
    "sending": ("neutral", _("En cours d’envoi")),
    "bounced": ("bad", _("Revenu")),
    "failed": ("bad", _("Pas arrivé")),
    "expired": ("warn", _("Trop tard pour partir")),
    "printed": ("good", _("Imprimé")),
    "replaced": ("neutral", _("Remplacé par un autre")),
}

# What a transport says of a failure (messaging.transports), and what it comes to.
FAILURES: dict[str, Promise] = {
    "SMTPRecipientsRefused": _("La messagerie du client refuse cette adresse : vérifiez-la avec lui."),
    "words that do not open": _("Le message est abîmé et ne peut plus partir."),
    "interrupted while it was sent": _(
        "L’envoi a été interrompu : nous ne savons pas si le message est parti. Demandez au client s’il l’a reçu."
    ),
    "over the limit of SMS of the day": _(
        "La caisse a atteint son nombre de SMS du jour : prévenez le groupement."
    ),
    "over the share of the day's SMS that anybody may ask for": _(
        "Trop de SMS ont été demandés aujourd’hui sans être connecté : prévenez le groupement."
    ),
    "the provider is down": _("Le prestataire d’envoi ne répond pas en ce moment."),
}
# By channel, since an address is no number.
RETURNS: dict[tuple[str, str], Promise] = {
    ("mail", "unknown address"): _(
        "Cette adresse e-mail n’existe pas, ou n’existe plus : vérifiez-la avec le client."
    ),
    ("sms", "unknown address"): _("Ce numéro ne peut pas recevoir de SMS : vérifiez-le avec le client."),
    ("mail", "refused by the recipient's side"): _(
        "La messagerie du client refuse nos messages. Demandez-lui s’il a une autre adresse."
    ),
    ("sms", "refused by the recipient's side"): _(
        "L’opérateur du client bloque nos SMS. Demandez-lui s’il les a refusés, ou s’il a un autre numéro."
    ),
    ("mail", "full mailbox"): _(
        "La boîte du client est pleine. Dites-lui de faire de la place, puis envoyez à nouveau."
    ),
    ("mail", "recipient out of reach"): _(
        "La messagerie du client ne répond pas. Envoyez à nouveau plus tard."
    ),
    ("sms", "recipient out of reach"): _("Le téléphone du client était éteint ou sans réseau."),
}
NO_PROVIDER = _("Aucun prestataire n’est réglé pour ce moyen d’envoi : prévenez le groupement.")
ANOTHER_FAILURE = _("Le prestataire d’envoi n’a pas pris le message.")

DEVICES: dict[str, Promise] = {
    "smsdevice": _("Code par SMS"),
    "totpdevice": _("Application d’authentification"),
    "pindevice": _("Code secret"),
    "passkeydevice": _("Clé d’accès"),
}
ANOTHER_DEVICE = _("Autre moyen")

# What a page says of the act just done, by the code in its address.
# What became of a way in that was opened with the file, or for a file, by what `give_access` says.
REGISTERED: dict[str, tuple[str, Promise]] = {
    "sent": (
        "good",
        _(
            "Le client est inscrit. Son accès est ouvert : il reçoit de quoi se connecter pour la première fois."
        ),
    ),
    "no_email": (
        "warn",
        _("Le client est inscrit, mais rien n’est parti pour sa première connexion : il n’a pas d’e-mail."),
    ),
    "no_mobile": (
        "warn",
        _("Le client est inscrit, mais rien n’est parti pour sa première connexion : il n’a pas de mobile."),
    ),
    "no_identifier": (
        "warn",
        _("Le client est inscrit. Son dossier ne suffit pas pour ouvrir un accès en ligne."),
    ),
    "agency": ("neutral", _("Le client est inscrit. La première connexion se donne à l’agence.")),
}
GIVEN: dict[str, tuple[str, Promise]] = {
    "sent": ("good", _("L’accès est ouvert. Le client reçoit de quoi se connecter pour la première fois.")),
    "no_email": (
        "warn",
        _("L’accès est ouvert, mais rien n’est parti pour la première connexion : il n’y a pas d’e-mail."),
    ),
    "no_mobile": (
        "warn",
        _("L’accès est ouvert, mais rien n’est parti pour la première connexion : il n’y a pas de mobile."),
    ),
    "no_identifier": (
        "warn",
        _("Rien n’a été ouvert : le dossier n’a pas ce que les clients saisissent pour se connecter."),
    ),
    "agency": ("neutral", _("L’accès est ouvert. La première connexion se donne à l’agence.")),
}

DONE: dict[str, tuple[str, Promise]] = {
    "inscrit": (
        "good",
        _("Le client est inscrit. Établissez son premier contrat : son accès en ligne s’ouvrira avec lui."),
    ),
    **{f"inscrit-{why}": (tone, said) for why, (tone, said) in REGISTERED.items()},
    **{f"acces-{why}": (tone, said) for why, (tone, said) in GIVEN.items()},
    "acces-deja": ("neutral", _("Ce client a déjà un accès en ligne : rien n’a changé.")),
    "deja-inscrit": ("neutral", _("Ce client était déjà inscrit par cette page : rien n’a changé.")),
    "rouvert": ("good", _("L’accès est rouvert. Le client en est prévenu.")),
    "deja-ouvert": ("neutral", _("L’accès était déjà ouvert : rien n’a changé.")),
    "telephone": (
        "good",
        _("Le téléphone est remplacé. Les connexions en cours sont fermées ; le client en est prévenu."),
    ),
    "telephone-application": (
        "warn",
        _(
            "Le téléphone est remplacé. Cette personne utilise aussi une application : si elle était sur l’ancien"
            " téléphone, remettez aussi la seconde étape à zéro."
        ),
    ),
    "meme-telephone": ("neutral", _("Ce numéro était déjà celui du client : rien n’a changé.")),
    "oublie": ("good", _("C’est oublié. À sa prochaine connexion, le client choisit un nouveau moyen.")),
    "rien-a-oublier": ("neutral", _("Il n’y avait plus rien à oublier : rien n’a changé.")),
    "activation": ("good", _("L’activation est repartie.")),
    "nouveau-secret": ("good", _("De quoi choisir un nouveau secret est reparti.")),
    "secret": ("good", _("Le secret est retiré. Le client reçoit de quoi en choisir un nouveau.")),
    "secret-a-la-main": (
        "warn",
        _(
            "Le secret est retiré, mais rien n’a pu partir pour en choisir un nouveau : corrigez les coordonnées, puis"
            " envoyez de quoi en choisir un."
        ),
    ),
    "sans-secret": ("neutral", _("Le secret était déjà retiré : rien n’a changé.")),
    "exception": ("good", _("C’est ouvert. L’exception finit d’elle-même.")),
    "exception-finie": ("good", _("L’exception est finie. Les connexions en cours sont fermées.")),
    "exception-deja": ("neutral", _("Cette exception était déjà finie : rien n’a changé.")),
    "exception-non": ("warn", _("Le dossier ou les règles viennent de changer : rien n’a été ouvert.")),
    "lot-fait": ("neutral", _("Les lettres de ce jour sont déjà dans un lot : il est dans la liste.")),
    "lettres": ("good", _("Le lot est parti. Le texte des lettres est effacé.")),
    "lettres-deja": ("neutral", _("Ce lot était déjà confirmé : rien n’a changé.")),
    "coordonnees": (
        "good",
        _("Les coordonnées sont corrigées. Les connexions en cours sont fermées ; le client en est prévenu."),
    ),
    "coordonnees-activation": (
        "warn",
        _("Les coordonnées sont corrigées. Ce client attend de quoi choisir un secret : renvoyez-le-lui."),
    ),
    "memes-coordonnees": ("neutral", _("C’était déjà ce que dit le dossier : rien n’a changé.")),
    "traite": ("good", _("Le message est marqué comme traité.")),
    "deja-traite": ("neutral", _("Ce message était déjà traité, ou il est reparti : rien n’a changé.")),
    "somme-utilisee": ("good", _("La somme est utilisée comme le client le voulait.")),
    "somme-rendue": ("good", _("Le remboursement est demandé. Le client en est prévenu quand il part.")),
    "somme-contestee": (
        "warn",
        _("Rien n’a changé : la banque du client conteste ce paiement, ou a repris la somme."),
    ),
    "somme-reste": (
        "warn",
        _("Rien n’a changé : la somme ne peut toujours pas servir, ou une décision était déjà prise."),
    ),
    "reparti": ("good", _("Le message repart.")),
    "rdv-pris": ("good", _("Le rendez-vous est pris. Le client est prévenu s’il a un e-mail ou un mobile.")),
    "rdv-deplace": (
        "good",
        _("Le rendez-vous est déplacé. Le client est prévenu s’il a un e-mail ou un mobile."),
    ),
    "rdv-annule": ("good", _("Le rendez-vous est annulé. Le client en est prévenu.")),
    "rdv-annule-muet": (
        "warn",
        _("Le rendez-vous est annulé. Ce client n’a ni e-mail ni mobile : prévenez-le vous-même."),
    ),
    "rdv-deja": ("neutral", _("Ce rendez-vous était déjà annulé : rien n’a changé.")),
    "rdv-refus": ("warn", _("Ce rendez-vous ne peut plus changer, ou pas encore : rien n’a été noté.")),
    "venu": ("good", _("C’est noté : le client est venu.")),
    "pas-venu": ("good", _("C’est noté : le client n’est pas venu.")),
    "reste": ("warn", _("Ce message ne peut plus partir, ou il est déjà reparti.")),
}

# Why no appointment was booked or moved for a client, by the word in the address of the page (agencies.refusals).
APPOINTMENT_REFUSED: dict[str, Promise] = {
    "taken": _("Cet horaire n’est plus libre. Choisissez-en un autre."),
    "overlap": _("Ce client a déjà un rendez-vous à cette heure. Choisissez un autre horaire."),
    "form_reused": _("Cette page a déjà servi pour un autre rendez-vous : choisissez l’horaire à nouveau."),
    "unknown_subject": _("Ce qui était choisi n’est plus dans le dossier du client."),
    "over": _("Ce rendez-vous est passé ou annulé : il ne peut plus changer."),
}
