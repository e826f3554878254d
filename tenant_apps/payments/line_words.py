"""The lines of payments in the words of the client: what each is for, and what became of its sum."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from tenant_apps.payments.domain.reasons import (
    BANK_TOOK,
    CAPTURED_TWICE,
    NO_ACT,
    NOBODYS,
    OTHER_SUM,
    REFUND_REFUSED,
    SLIP,
    SURPLUS,
)
from tenant_apps.payments.domain.states import DisputeState, LineState
from tenant_apps.payments.models import PaymentLine
from tenant_apps.payments.registry import Account, Settlement, UnknownSettlementError, settlement_of
from tenant_apps.payments.still_here import is_gone, still_here

_WHY: dict[str, Promise] = {
    OTHER_SUM: _("Votre carte a été débitée d’une autre somme que celle qui était demandée."),
    CAPTURED_TWICE: _("Votre carte a été débitée deux fois pour le même paiement."),
    REFUND_REFUSED: _("Le remboursement sur votre carte n’a pas pu se faire."),
    NOBODYS: _("Ce service n’est plus ouvert."),
    SURPLUS: _("L’agence a retiré des frais pendant que vous payiez : vous deviez moins."),
    SLIP: _("Une erreur de notre côté a empêché de l’enregistrer."),
}
_NOT_DONE: dict[str, Promise] = {
    LineState.HELD: _("Somme gardée par l’agence"),
    LineState.REFUNDING: _("Somme en cours de remboursement"),
    LineState.REFUNDED: _("Somme remboursée"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWords:
    """`label`: what was done, or that the sum is held or goes back; `what`: what it was paid for, where that was not
    done; `notes`: why not and what happens next, or what is still due; `parts`: where the money of an act went.
    """

    label: str
    amount: Money
    what: str = ""
    notes: tuple[str, ...] = ()
    parts: tuple[tuple[str, Money], ...] = ()

    @property
    def whole(self) -> str:
        """In one line."""
        return f"{self.label} ({self.what})" if self.what else self.label


def settlement_or_none(kind: str) -> Settlement | None:
    try:
        return settlement_of(kind)
    except UnknownSettlementError:
        return None


def line_label(*, kind: str, reference: UUID, act: str) -> str:
    """Of the act. A product that is no longer there leaves its payments: they are shown all the same."""
    if kind == OTHER_SUM:
        return gettext("Somme différente de celle demandée")
    if kind == CAPTURED_TWICE:
        return gettext("Paiement débité une seconde fois")
    if kind == SURPLUS:
        return gettext("Somme payée en trop")
    if kind == BANK_TOOK:
        return gettext("Somme que la banque de la carte a reprise")
    settlement = settlement_or_none(kind)
    return settlement.words(reference=reference, act=act) if settlement else gettext("Paiement")


def learn_labels(lines: Iterable[PaymentLine]) -> None:
    """Before many labels: what they name is asked for once a product, not once a line."""
    found: dict[str, set[UUID]] = {}
    for each in lines:
        found.setdefault(each.kind, set()).add(each.reference)
    for kind, references in found.items():
        if (settlement := settlement_or_none(kind)) is not None:
            settlement.learn(references=references)


def words_of(line: PaymentLine) -> LineWords:
    """As it stands. What was done is named by its act; what was not is never called done."""
    act = line_label(kind=line.kind, reference=line.reference, act=line.act)
    if line.state not in _NOT_DONE or is_gone(line):
        return LineWords(label=act, amount=line.amount)
    notes = (_not_done(line, act), _why(line), _next(line) if line.state == LineState.HELD else "")
    return LineWords(
        label=str(_NOT_DONE[line.state]), amount=line.amount, what=act, notes=tuple(filter(None, notes))
    )


def accounted(line: PaymentLine, *, payment: UUID) -> LineWords:
    """With where the money went and what is still due, as the product says: a query or two a line."""
    found, settlement = words_of(line), settlement_or_none(line.kind)
    if line.state != LineState.APPLIED or settlement is None:
        return found
    said: Account = settlement.account(reference=line.reference, act=line.act, payment=payment)
    return LineWords(label=found.label, amount=found.amount, notes=said.left, parts=said.parts)


def _not_done(line: PaymentLine, act: str) -> str:
    if line.kind in NO_ACT:
        return ""
    return gettext("Payée pour « %(what)s » : cela n’a pas été fait.") % {"what": act}


def _why(line: PaymentLine) -> str:
    """Ours, then the product's; nothing where neither has words for that code."""
    if line.reason in _WHY:
        return str(_WHY[line.reason])
    settlement = settlement_or_none(line.kind)
    if settlement is None:
        return ""
    return str(settlement.told.get(line.reason) or settlement.reasons.get(line.reason, ""))


def _next(line: PaymentLine) -> str:
    if line.payment.dispute == DisputeState.LOST and not still_here(line=line):
        return ""
    if line.payment.dispute == DisputeState.OPEN:
        return gettext("Votre banque conteste ce paiement : l’agence attend ce qu’elle décide.")
    if line.kind in NO_ACT:
        return gettext(
            "L’agence vous la rend sur la carte qui a payé, et vous prévient. Vous n’avez rien à faire."
        )
    return gettext(
        "L’agence décide : elle l’utilise comme vous le vouliez, ou la rend à la carte qui a payé. Elle vous prévient. "
        "Vous n’avez rien à faire."
    )
