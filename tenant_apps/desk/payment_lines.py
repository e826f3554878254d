"""Card payments, in the words of the counter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.desk.presentation import State
from tenant_apps.pawn.card_payments import operations_of_payments
from tenant_apps.pawn.models import Operation
from tenant_apps.payments.difference_words import in_words
from tenant_apps.payments.domain.reasons import (
    BANK_TOOK,
    CAPTURED_TWICE,
    NOBODYS,
    OTHER_SUM,
    REFUND_REFUSED,
    SLIP,
    SURPLUS,
)
from tenant_apps.payments.domain.states import DisputeState, LineState
from tenant_apps.payments.line_words import learn_labels, line_label, words_of
from tenant_apps.payments.models import DayReport, Payment, PaymentLine, Refund
from tenant_apps.payments.presentation import reason_words
from tenant_apps.payments.still_here import still_here, taken_by_bank

# Why a sum could not serve. A product's own reasons are its own codes.
REASONS: dict[str, Promise] = {
    OTHER_SUM: _("La somme encaissée n’est pas celle qui était demandée."),
    CAPTURED_TWICE: _("La carte a été débitée deux fois pour le même paiement : rendez cette somme."),
    BANK_TOOK: _("La banque du client avait repris cette somme."),
    REFUND_REFUSED: _("Le prestataire n’a pas pu rembourser."),
    NOBODYS: _("Ce service n’est plus ouvert."),
    SURPLUS: _("Des frais ont été retirés pendant que le client payait : rendez cette somme."),
    SLIP: _("Une erreur de notre côté a empêché de l’enregistrer : prévenez le groupement."),
}
REFUNDS: dict[str, State] = {
    "asked": State("warn", _("Demandé au prestataire")),
    "sent": State("neutral", _("En route vers la carte")),
    "done": State("good", _("Remboursé")),
    "failed": State("bad", _("Impossible")),
}

# How a sum stands that the bank of whoever paid wants back, and what the agency does about it.
DISPUTES: dict[str, tuple[State, Promise]] = {
    DisputeState.OPEN: (
        State("bad", _("Contesté par la banque du client : en cours")),
        _(
            "Rien n’est annulé ici. Répondez chez le prestataire, avec le contrat et le reçu. En attendant, cette somme"
            " ne peut être ni rendue ni utilisée d’une autre façon."
        ),
    ),
    DisputeState.WON: (
        State("good", _("Contesté par la banque du client : gagné")),
        _("La caisse garde la somme. Il n’y a rien à faire."),
    ),
    DisputeState.LOST: (
        State("bad", _("Contesté par la banque du client : perdu")),
        _(
            "La banque a repris la somme. Rien ne s’annule de soi-même : remettez la dette sur le contrat, ou voyez"
            " avec la comptabilité et le client comment elle sera payée."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class DebtLine:
    """What a disputed payment has done with a contract. `owed_again`: since when, of what was taken back. `to_owe`:
    whether the bank has the sum, and nobody has put the debt back.
    """

    contract: UUID
    number: str
    operation: UUID
    owed_again: datetime | None
    to_owe: bool
    won_after_all: bool


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """`todo`: what the agency does, a sentence or two."""

    client: Client
    # What was paid, as its products name it.
    what: str
    amount: Money
    receipt: str
    captured_at: datetime | None
    since: datetime | None
    state: State
    todo: str | Promise
    # Until when, of one that is still open.
    answer_by: datetime | None
    debts: list[DebtLine]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """`amount`: what was paid; `left`: what of it may be decided on; `taken`: what a bank has of the whole payment."""

    payment: UUID
    position: int
    client: Client
    label: str
    amount: Money
    at: datetime | None
    why: str
    left: Money
    taken: Money

    @property
    def cut(self) -> bool:
        """Whether a part alone is left."""
        return bool(self.left and self.taken)


@dataclass(frozen=True, slots=True)
class RefundLine:
    payment: UUID
    client: Client
    amount: Money
    state: State
    at: datetime
    trouble: str


def dispute_line(payment: Payment, done: Iterable[Operation] = ()) -> DisputeLine | None:
    """None where no bank wants it back. `done`: what it has done with contracts."""
    if not payment.dispute or payment.disputed is None:
        return None
    state, todo = DISPUTES[payment.dispute]
    lines = [each for each in payment.lines.all() if each.state != LineState.DROPPED]
    return DisputeLine(
        client=payment.client,
        what=" · ".join(words_of(each).whole for each in lines),
        amount=payment.disputed,
        receipt=payment.receipt or "",
        captured_at=payment.captured_at,
        since=payment.disputed_at,
        state=state,
        todo=todo,
        answer_by=payment.answer_by if payment.dispute == DisputeState.OPEN else None,
        debts=[_debt_line(payment, each) for each in done],
    )


def _debt_line(payment: Payment, done: Operation) -> DebtLine:
    by: Operation | None = getattr(done, "taken_back_by", None)
    return DebtLine(
        contract=done.contract.uuid,
        number=done.contract.number,
        operation=done.uuid,
        owed_again=by.at if by else None,
        to_owe=payment.dispute == DisputeState.LOST and by is None,
        won_after_all=payment.dispute == DisputeState.WON and by is not None,
    )


def dispute_lines(payments: Iterable[Payment]) -> list[DisputeLine]:
    """What their lines name, and what they have done, is asked for at once."""
    found = list(payments)
    learn_labels(line for each in found for line in each.lines.all())
    done = operations_of_payments(uuids=[each.uuid for each in found])
    return [line for each in found if (line := dispute_line(each, done.get(each.uuid, ()))) is not None]


def held_line_views(lines: Iterable[PaymentLine]) -> list[HeldLine]:
    """As `held_line_view`, each; what they name is asked for at once."""
    found = list(lines)
    learn_labels(found)
    return [held_line_view(each) for each in found]


def held_line_view(line: PaymentLine) -> HeldLine:
    return HeldLine(
        payment=line.payment.uuid,
        position=line.position,
        client=line.payment.client,
        label=line_label(kind=line.kind, reference=line.reference, act=line.act),
        amount=line.amount,
        at=line.payment.captured_at,
        why=why_held(line),
        left=still_here(line=line),
        taken=taken_by_bank(payment=line.payment),
    )


def why_held(line: PaymentLine) -> str:
    """Ours, then the product's own; else what is known is that things had changed."""
    if line.reason in REASONS:
        return str(REASONS[line.reason])
    own = reason_words(kind=line.kind, reason=line.reason)
    return own or gettext("La situation avait changé avant le paiement.")


def refund_lines(refunds: Iterable[Refund]) -> list[RefundLine]:
    return [
        RefundLine(
            payment=each.payment.uuid,
            client=each.payment.client,
            amount=each.amount,
            state=REFUNDS[each.state],
            at=each.ended_at or each.taken_at or each.asked_at,
            trouble=each.last_error if each.state == "asked" else "",
        )
        for each in refunds
    ]


def report_words(report: DayReport) -> list[str]:
    return [in_words(each) for each in report.differences]
