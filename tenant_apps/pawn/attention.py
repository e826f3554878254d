"""What of a client's contracts needs something done, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from guichet.web.templatetags.guichet import date_long
from tenant_apps.pawn.domain.standing import Standing
from tenant_apps.pawn.holdings import Holding

_URGENCY = (
    Standing.FOR_SALE,
    Standing.IN_GRACE,
    Standing.DUE,
    Standing.EXTRA_TIME,
    Standing.DUE_SOON,
    Standing.BONI_AVAILABLE,
)


def urgency_of(standing: Standing) -> int:
    """The lower, the sooner to be looked at: a sale before a term, a near term before a far one."""
    return _URGENCY.index(standing) if standing in _URGENCY else len(_URGENCY)


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs something done, said once for all the contracts that it is true of."""

    text: str
    tone: str
    concerned: list[Holding]

    @property
    def first(self) -> Holding:
        return self.concerned[0]

    @property
    def more(self) -> list[Holding]:
        """All of them, to be named, where they are several."""
        return self.concerned if len(self.concerned) > 1 else []


def attention_of(*, holdings: Sequence[Holding]) -> list[Attention]:
    """The most urgent first."""
    found = []
    for standing in _URGENCY:
        concerned = [each for each in holdings if each.standing is standing]
        if concerned:
            said = f"{_attention(standing, len(concerned)) % {'count': len(concerned)}} {_nearest_sale(concerned)}"
            found.append(Attention(said.strip(), standing.tone, concerned))
    return [*found, *_besides(holdings)]


def _nearest_sale(concerned: Sequence[Holding]) -> str:
    """Empty where no sale is announced, or where its day is not known."""
    days = [each.sale_on for each in concerned if each.sale_on]
    if not days:
        return ""
    words = ngettext("Elle est prévue le %(day)s.", "La première est prévue le %(day)s.", len(concerned))
    return words % {"day": date_long(min(days))}


def _besides(holdings: Sequence[Holding]) -> list[Attention]:
    """What needs something done whatever the standing."""
    found = []
    blocked = [each for each in holdings if each.blocked]
    if blocked:
        said = ngettext("Un contrat est bloqué.", "%(count)s contrats sont bloqués.", len(blocked))
        found.append(Attention(said % {"count": len(blocked)}, "warn", blocked))
    disputed = [each for each in holdings if each.disputes]
    if disputed:
        said = ngettext(
            "La banque de la carte reprend un paiement d’un contrat : appelez l’agence.",
            "La banque de la carte reprend des paiements de %(count)s contrats : appelez l’agence.",
            len(disputed),
        )
        found.append(Attention(said % {"count": len(disputed)}, "warn", disputed))
    waiting = [each for each in holdings if each.to_fetch]
    if waiting:
        said = ngettext(
            "Un contrat est remboursé : venez reprendre ce que vous aviez laissé.",
            "%(count)s contrats sont remboursés : venez reprendre ce que vous aviez laissé.",
            len(waiting),
        )
        found.append(Attention(said % {"count": len(waiting)}, "good", waiting))
    return found


def _attention(standing: Standing, count: int) -> str:
    words = {
        Standing.FOR_SALE: ngettext(
            "La vente d’un objet est annoncée.",
            "La vente d’objets est annoncée pour %(count)s contrats.",
            count,
        ),
        Standing.IN_GRACE: ngettext(
            "Un contrat est en délai de grâce.", "%(count)s contrats sont en délai de grâce.", count
        ),
        Standing.EXTRA_TIME: ngettext(
            "Un délai vous est accordé pour un contrat échu.",
            "Un délai vous est accordé pour %(count)s contrats échus.",
            count,
        ),
        Standing.DUE: ngettext(
            "L’échéance d’un contrat est passée.", "L’échéance de %(count)s contrats est passée.", count
        ),
        Standing.DUE_SOON: ngettext(
            "Un contrat arrive bientôt à échéance.", "%(count)s contrats arrivent bientôt à échéance.", count
        ),
        Standing.BONI_AVAILABLE: ngettext(
            "Un boni vous attend à l’agence.", "%(count)s bonis vous attendent à l’agence.", count
        ),
    }
    return words[standing]
