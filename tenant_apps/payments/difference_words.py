"""What differs between the provider's list and ours, for who has to look into it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import euros
from tenant_apps.payments.domain.reconcile import Why

WHYS: dict[str, Promise] = {
    Why.MISSING_HERE: _("Chez le prestataire, et inconnu de la caisse"),
    Why.MISSING_THERE: _("À la caisse, et absent de la liste du prestataire"),
    Why.OTHER_AMOUNT: _("Les deux montants diffèrent"),
    Why.OTHER_STATE: _("Fait chez le prestataire, et pas encore à la caisse"),
    Why.TWICE: _("Deux fois dans la liste du prestataire"),
}
KINDS: dict[str, Promise] = {"capture": _("Paiement"), "refund": _("Remboursement")}


def in_words(difference: Mapping[str, str]) -> str:
    """One line: what, why, both sums, and what both call it."""
    return gettext("%(kind)s %(key)s. %(why)s (caisse %(ours)s, prestataire %(theirs)s).") % {
        "kind": KINDS[difference["kind"]],
        "key": difference["key"],
        "why": WHYS[difference["why"]],
        "ours": _sum(difference["ours"]),
        "theirs": _sum(difference["theirs"]),
    }


def _sum(amount: str) -> str:
    return euros(Money.of(amount)) if amount else "–"
