"""What the acts, the refusals and the history of a contract are called on the client's screens."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.pawn.domain.operations import Means, OperationKind, Part
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.domain.reminders import NoticeKind
from tenant_apps.pawn.services.errors import NotPossibleError

ACTS_CHARGED: dict[str, Promise] = {
    "due_notice": _("Avis d’échéance ou relance"),
    "sale_notice": _("Avis de vente"),
    "boni_notice": _("Avis de boni"),
    "sale_preparation": _("Préparation de la vente"),
    "sale_withdrawal": _("Retrait de la vente"),
    "requested_sale": _("Vente à votre demande"),
    "lost_receipt": _("Reconnaissance perdue"),
    "sending": _("Envoi de l’objet"),
    "cleaning": _("Nettoyage d’un bijou"),
    "other": _("Autres frais"),
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
    Part.DEFICIT: _("Ce que la vente n’a pas rapporté, à la charge de la caisse"),
}

OPERATIONS: dict[str, Promise] = {
    OperationKind.OPENED: _("Prêt accordé"),
    OperationKind.PROLONGED: _("Contrat prolongé"),
    OperationKind.PAID_DOWN: _("Paiement d’une partie"),
    OperationKind.REDEEMED: _("Tout est remboursé"),
    OperationKind.HANDED_OVER: _("Objet repris"),
    OperationKind.ANNOUNCED: _("Vente annoncée"),
    OperationKind.WITHDRAWN: _("Vente retirée"),
    OperationKind.SOLD: _("Objet vendu"),
    OperationKind.SALE_CORRECTED: _("Prix de la vente corrigé"),
    OperationKind.BONI_PAID: _("Boni versé"),
    OperationKind.BONI_LAPSED: _("Boni perdu : il n’a pas été retiré à temps"),
    OperationKind.BLOCKED: _("Contrat bloqué"),
    OperationKind.UNBLOCKED: _("Contrat débloqué"),
    OperationKind.CHARGED: _("Frais ajoutés"),
    OperationKind.EXTRA_TIME: _("Délai accordé"),
    OperationKind.WAIVED: _("Frais retirés"),
    OperationKind.TAKEN_BACK: _("Paiement annulé"),
}

NOTICES: dict[str, Promise] = {
    NoticeKind.DUE_SOON: _("Rappel avant l’échéance"),
    NoticeKind.DUE: _("Avis d’échéance"),
    NoticeKind.IN_GRACE: _("Avis de délai de grâce"),
    NoticeKind.SALE: _("Avis de vente"),
    NoticeKind.SOLD: _("Avis : objet vendu"),
    NoticeKind.BONI: _("Avis de boni"),
    NoticeKind.LAPSING: _("Rappel : boni bientôt perdu"),
    NoticeKind.WITHDRAWN: _("Avis : vente retirée"),
    NoticeKind.EXTRA_TIME: _("Avis de délai accordé"),
}
MEANS: dict[str, Promise] = {
    Means.CASH: _("Espèces"),
    Means.CARD: _("Carte bancaire"),
    Means.CHEQUE: _("Chèque"),
    Means.TRANSFER: _("Virement"),
}
CHANNELS: dict[str, Promise] = {
    "mail": _("envoyé par e-mail"),
    "sms": _("envoyé par SMS"),
    "letter": _("envoyé par lettre"),
}

_RENEWAL = _(
    "La plus longue durée que la loi permet est atteinte. Pour garder l’objet en gage, il faut un renouvellement, avec "
    "une nouvelle estimation à l’agence."
)
WHY_NOT: dict[str, Promise] = {
    WhyNot.MIRRORED: _("Ce contrat est tenu dans un autre logiciel de la caisse : adressez-vous à l’agence."),
    WhyNot.REDEEMED: _("Tout est déjà remboursé."),
    WhyNot.SOLD: _("L’objet a été vendu."),
    WhyNot.ANNOUNCED: _("La vente de l’objet est annoncée : il reste possible de tout rembourser."),
    WhyNot.LOST_RECEIPT: _(
        "La reconnaissance est déclarée perdue. La loi veut que l’objet ne soit rendu qu’à l’échéance."
    ),
    WhyNot.CLAIMED_BY_OTHER: _(
        "Une autre personne réclame l’objet : la caisse le garde jusqu’à ce que ce soit réglé. "
        "Adressez-vous à l’agence."
    ),
    WhyNot.TOO_EARLY: _("C’est trop tôt."),
    WhyNot.TOO_FAR: _("Ce jour est trop loin."),
    WhyNot.EXTRA_TIME: _("Un délai vous est accordé."),
    WhyNot.NEW_GOODS: _("Un objet neuf ne se vend qu’une fois l’échéance passée."),
    WhyNot.OUT_OF_BOUNDS: _("Ce délai n’est pas dans les limites de la caisse."),
    WhyNot.NOT_ANNOUNCED: _("Aucune vente n’est annoncée."),
    WhyNot.NOTHING_TO_FETCH: _("Remboursez d’abord tout : l’objet vous est rendu ensuite."),
    WhyNot.FETCHED: _("L’objet a déjà été repris."),
    WhyNot.NO_BONI: _("La vente n’a pas laissé de boni."),
    WhyNot.BONI_CLAIMED: _("Le boni a déjà été versé."),
    WhyNot.BONI_LAPSED: _("Le boni n’a pas été retiré à temps : il revient à la caisse."),
    WhyNot.AT_THE_END: _RENEWAL,
    WhyNot.BEYOND_TWO_YEARS: _RENEWAL,
    WhyNot.MONTHS_NOT_OFFERED: _("Cette durée n’est pas offerte."),
    WhyNot.NOT_LATER: _("Cette durée ne suffit pas : la nouvelle échéance serait déjà passée."),
    WhyNot.OUT_OF_ORDER: _("Ce contrat a changé entre-temps."),
    WhyNot.BELOW_CHARGES: _(
        "La loi veut que les intérêts et les frais soient payés d’abord : payez davantage."
    ),
    WhyNot.REDEEMS: _("Cette somme rembourse tout : choisissez « Tout rembourser »."),
    WhyNot.NO_REASON: _("Cette raison ne va pas avec cet acte."),
    WhyNot.NOTHING_BLOCKS: _("Rien ne bloque ce contrat."),
    WhyNot.NOT_PRICED: _("Le tarif de votre contrat ne prévoit pas ces frais."),
    WhyNot.NOT_SOLD: _("L’objet n’est pas vendu."),
    WhyNot.SALE_TOLD: _("Cette vente vous a déjà été annoncée."),
    WhyNot.CORRECTION_CLOSED: _("Ce prix est définitif."),
    WhyNot.PRICE_CHANGED: _("Le prix a changé entre-temps."),
    WhyNot.BONI_CHANGED: _("Le boni a changé entre-temps."),
    WhyNot.SAME_PRICE: _("C’est le prix déjà enregistré."),
    WhyNot.NO_SUCH_FEE: _("Ces frais ne sont plus dus."),
    WhyNot.NOT_A_PAYMENT: _("Ce n’est pas un paiement."),
    WhyNot.TAKEN_BACK: _("Ce paiement est déjà annulé."),
    WhyNot.FOLLOWED: _("Un autre acte a suivi ce paiement."),
    WhyNot.OBJECT_GONE: _("L’objet a déjà été repris."),
    WhyNot.TILL_CLOSED: _("La journée de ce paiement est terminée."),
    WhyNot.NOT_LOST: _("Ce paiement par carte reste à la caisse."),
    WhyNot.LOST_IN_PART: _("La banque n’a repris qu’une partie de ce paiement."),
    WhyNot.TOO_MUCH_CASH: _("C’est trop pour des espèces."),
    WhyNot.DISPUTED: _("Votre banque reprend un paiement de ce contrat : appelez l’agence."),
    WhyNot.WRONG_AMOUNT: _("Le prix a changé entre-temps."),
}


def why_not_in_words(why: WhyNot, *, since: date | None = None) -> str:
    words = str(WHY_NOT[why])
    if since is None:
        return words
    possible = gettext("Possible à partir du %(day)s.") % {"day": date_long(since)}
    return f"{words} {possible}"


def refusal_in_words(error: NotPossibleError) -> str:
    words = why_not_in_words(error.why, since=error.since)
    if error.until is not None:
        words = f"{words} {gettext('Au plus tard le %(day)s.') % {'day': date_long(error.until)}}"
    if error.due is None:
        return words
    needed = gettext("Il faut %(sum)s.") % {"sum": euros(error.due)}
    return f"{words} {needed}"


def sums_offered(*, least: Money, greatest: Money, step: Money) -> str:
    """What a tariff lends: its bounds, and which sums between them."""
    said = {"least": euros(least), "greatest": euros(greatest), "step": euros(step)}
    if step == Money.of("0.01"):
        return gettext("de %(least)s à %(greatest)s") % said
    if step == Money.of(1):
        return gettext("de %(least)s à %(greatest)s, en euros entiers") % said
    return gettext("de %(least)s à %(greatest)s, de %(step)s en %(step)s") % said


def for_months(months: int) -> str:
    return ngettext("Prolonger de %(count)s mois", "Prolonger de %(count)s mois", months) % {"count": months}
