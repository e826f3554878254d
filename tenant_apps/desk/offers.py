"""What a check page showed of a loan, signed, so that what is confirmed is what was shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.signing import BadSignature
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.tenancy.signing import signer
from tenant_apps.pawn.papers.offered import Offered, Part

OFFERED = "offered"
PURPOSE = "desk-offer"
PARTS: Mapping[Part, Promise] = {
    Part.DAY: _("la date du prêt"),
    Part.TARIFF: _("le tarif"),
    Part.LENT: _("la somme prêtée"),
    Part.TERM: _("la durée ou l’échéance"),
    Part.COST: _("le coût ou la somme remise"),
    Part.OBJECTS: _("les objets"),
    Part.KEPT_AT: _("le lieu où ils sont gardés"),
    Part.CLIENT: _("les coordonnées du client"),
    Part.CONDITIONS: _("les conditions de la caisse"),
}


def signed_offer(offer: Offered) -> str:
    return signer(PURPOSE).sign_object(dict(offer))


def offer_seen(answers: Mapping[str, Any]) -> Offered | None:
    """None where no page of this caisse showed one."""
    try:
        seen: dict[str, str] = signer(PURPOSE).unsign_object(answers.get(OFFERED, ""))
    except BadSignature:
        return None
    return seen


def changes_in_words(parts: Sequence[Part]) -> str:
    """Empty where nothing has changed."""
    if not parts:
        return ""
    return gettext(
        "Ce qui était offert a changé : %(parts)s. Rien n’a été enregistré. "
        "Vérifiez, imprimez de nouveau le contrat et faites signer ce nouvel exemplaire. "
        "Si vous aviez choisi des photos, choisissez-les de nouveau."
    ) % {"parts": ", ".join(str(PARTS[each]) for each in parts)}
