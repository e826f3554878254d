"""The law behind what a contract's page says, with its articles: the other sentences of the page are without them."""

from collections.abc import Iterator

from django.utils.translation import gettext

from tenant_apps.pawn.domain.law import LONGEST_MONTHS, MONTHS_BEFORE_REQUEST, YEARS_OF_BONI
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.domain.standing import Standing
from tenant_apps.pawn.presentation import ContractView

_SOLD = (Standing.SOLD, Standing.BONI_AVAILABLE, Standing.BONI_CLAIMED, Standing.BONI_LAPSED)


def mentions_of_law(*, view: ContractView) -> list[str]:
    """Of where it stands, and of what blocks it. Articles are of the Code monétaire et financier where not said."""
    return [*_running(view), *_blocked(view), *_sold(view)]


def _running(view: ContractView) -> Iterator[str]:
    if view.ended:
        return
    yield gettext(
        "Un prêt sur gage dure %(months)s mois au plus, prolongations comprises. Au-delà, il faut un renouvellement, "
        "avec une nouvelle estimation (D514-7)."
    ) % {"months": LONGEST_MONTHS}
    yield gettext("Vous pouvez rembourser quand vous voulez, en tout ou en partie (D514-7).")
    yield gettext(
        "Un paiement règle d’abord les intérêts et les frais, puis le capital (Code civil, 1343-1)."
    )
    yield gettext(
        "%(months)s mois après le prêt, vous pouvez demander la vente ; un objet neuf ne se vend qu’après l’échéance "
        "(D514-15)."
    ) % {"months": MONTHS_BEFORE_REQUEST}
    yield gettext(
        "Sans paiement à l’échéance, la caisse peut vendre l’objet aux enchères (D514-14). Elle l’annonce avant "
        "(D514-16)."
    )
    yield gettext(
        "Après une vente, ce qui dépasse votre dette, le boni, est à vous pendant %(years)s ans (D514-21). Ce qui "
        "manque est à la charge de la caisse (D514-3, D514-4)."
    ) % {"years": YEARS_OF_BONI}
    yield gettext("Il n’y a pas de droit de rétractation (D514-8-1).")


def _blocked(view: ContractView) -> Iterator[str]:
    kinds = {each.kind for each in view.contract.blocks.all() if each.until is None}
    if BlockKind.CLAIMED_BY_OTHER in kinds:
        yield gettext(
            "Un objet réclamé par une autre personne reste à la caisse. Qui le réclame doit d’abord rembourser le prêt "
            "et ses intérêts (D514-22)."
        )
    if BlockKind.LOST_RECEIPT in kinds:
        yield gettext(
            "Si la reconnaissance est perdue, l’objet n’est rendu qu’à l’échéance (D514-10), et un boni n’est versé "
            "que contre une caution (D514-11)."
        )


def _sold(view: ContractView) -> Iterator[str]:
    if view.standing not in _SOLD:
        return
    yield gettext("Ce qu’une vente ne rapporte pas est à la charge de la caisse (D514-3, D514-4).")
    yield gettext(
        "Ce qui dépasse la dette, le boni, est à vous pendant %(years)s ans depuis la vente ; ensuite, la loi le "
        "donne à la caisse (D514-21)."
    ) % {"years": YEARS_OF_BONI}
