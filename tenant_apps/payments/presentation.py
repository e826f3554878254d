"""Payments, in the words of the client."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money, total
from guichet.web.templatetags.guichet import euros
from tenant_apps.payments.domain.states import AGAINST_US, LineState, PaymentState
from tenant_apps.payments.line_words import learn_labels, line_label, settlement_or_none, words_of
from tenant_apps.payments.models import Payment, PaymentLine
from tenant_apps.payments.registry import NextStep
from tenant_apps.payments.selectors import payments_of_uuids
from tenant_apps.payments.services.quoting import Quote, QuoteLine
from tenant_apps.payments.still_here import is_gone


@dataclass(frozen=True, slots=True)
class Badge:
    tone: str
    label: str | Promise


STATES: dict[str, Badge] = {
    PaymentState.CREATED: Badge("neutral", _("En préparation")),
    PaymentState.WAITING: Badge("neutral", _("Pas encore confirmé")),
    PaymentState.REFUSED: Badge("bad", _("Refusé")),
    PaymentState.ABANDONED: Badge("neutral", _("Abandonné")),
    # Where nothing of it is held or goes back any more, its lines say more: `_badge`.
    PaymentState.PAID: Badge("warn", _("Payé, à suivre")),
    PaymentState.APPLIED: Badge("good", _("Payé")),
}
_GOING_BACK = Badge("warn", _("Remboursement en cours"))
_GONE_BACK = Badge("neutral", _("Remboursé"))
_PARTLY_BACK = Badge("neutral", _("Remboursé en partie"))

LINES: dict[str, Badge] = {
    LineState.ASKED: Badge("neutral", _("Demandé")),
    LineState.APPLIED: Badge("good", _("Fait")),
    LineState.HELD: Badge("warn", _("Somme gardée par l’agence")),
    LineState.REFUNDING: Badge("warn", _("Remboursement en cours")),
    LineState.REFUNDED: Badge("neutral", _("Remboursé sur la carte")),
}
_TAKEN = Badge("bad", _("Repris par la banque"))


@dataclass(frozen=True, slots=True)
class LineView:
    """`whole`: the label with what a sum that did not serve was paid for. `notes`: why, and what happens next."""

    label: str
    whole: str
    amount: Money
    badge: Badge
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaymentView:
    """`paid`: the sum that left the card. `address`: the provider's page, while there is something to do there."""

    uuid: UUID
    created_at: datetime
    amount: Money
    badge: Badge
    lines: list[LineView]
    waiting: bool
    refused: bool
    abandoned: bool
    paid: bool
    held: Money
    refunding: Money
    refunded: Money
    # Something of it was done as the client wanted.
    done: bool
    # How it stands where the bank of whoever paid wants a sum back: a state of the domain, and the sum.
    dispute: str
    disputed: Money
    receipt: str
    address: str
    # Until when the provider's page takes the card.
    open_until: datetime
    next_steps: list[NextStep]
    # The page of what may be paid, for a payment that came to nothing.
    again: str

    @property
    def others(self) -> int:
        """How many lines come after the first."""
        return len(self.lines) - 1


def reason_words(*, kind: str, reason: str) -> str:
    """Why a product could not do an act, in its own words; empty when it has none for that code."""
    settlement = settlement_or_none(kind)
    return str(settlement.reasons.get(reason, "")) if settlement else ""


def shown_all(payments: Iterable[Payment]) -> list[PaymentView]:
    """As `shown`, each; what their lines name is asked for at once."""
    found = list(payments)
    learn_labels(line for each in found for line in each.lines.all())
    return [shown(each, steps=False) for each in found]


def shown(payment: Payment, *, steps: bool = True) -> PaymentView:
    """With its lines at hand. `steps`: what comes next is asked of the products, line by line; no list does."""
    lines = [each for each in payment.lines.all() if each.state != LineState.DROPPED]
    state = PaymentState(payment.state)
    return PaymentView(
        uuid=payment.uuid,
        created_at=payment.created_at,
        amount=payment.captured or payment.total,
        badge=_badge(state, lines),
        lines=[_line(each) for each in lines],
        waiting=state in (PaymentState.CREATED, PaymentState.WAITING),
        refused=state == PaymentState.REFUSED,
        abandoned=state == PaymentState.ABANDONED,
        paid=payment.captured is not None,
        held=_sum([each for each in lines if not is_gone(each)], LineState.HELD),
        refunding=_sum(lines, LineState.REFUNDING),
        refunded=_sum(lines, LineState.REFUNDED),
        dispute=payment.dispute,
        disputed=payment.disputed or Money(),
        done=any(each.state == LineState.APPLIED for each in lines),
        receipt=payment.receipt or "",
        address=payment.address,
        open_until=payment.expires_at,
        # Nobody is told to come for what the caisse may not be paid for.
        next_steps=_next_steps(payment.uuid, lines) if steps and payment.dispute not in AGAINST_US else [],
        again=_page_of(lines),
    )


def _badge(state: PaymentState, lines: Sequence[PaymentLine]) -> Badge:
    """A payment stays « paid » for ever once a sum of it went back: that it went says more."""
    found = {each.state for each in lines}
    if state != PaymentState.PAID or LineState.HELD in found:
        return STATES[state]
    if LineState.REFUNDING in found:
        return _GOING_BACK
    if found == {LineState.REFUNDED}:
        return _GONE_BACK
    return _PARTLY_BACK if LineState.REFUNDED in found else STATES[PaymentState.APPLIED]


def _next_steps(payment: UUID, lines: Sequence[PaymentLine]) -> list[NextStep]:
    """Of what was done; the same step for several lines is said once."""
    found: list[NextStep] = []
    for each in lines:
        settlement = settlement_or_none(each.kind) if each.state == LineState.APPLIED else None
        step = (
            settlement.afterwards(reference=each.reference, act=each.act, payment=payment)
            if settlement
            else None
        )
        if step is not None and step not in found:
            found.append(step)
    return found


def receipts_in_a_line(payments: Collection[UUID]) -> dict[UUID, str]:
    """What each paid, and how much. Three queries."""
    found = (shown(each, steps=False) for each in payments_of_uuids(uuids=payments))
    return {
        each.uuid: f"{euros(each.amount)} · {' · '.join(line.whole for line in each.lines)}" for each in found
    }


def rows_of(quote: Quote) -> list[dict[str, object]]:
    """For the page where the client checks before paying: what each line is, and its price."""
    return [
        {
            "label": line_label(kind=each.kind, reference=each.reference, act=each.act),
            "amount": each.amount,
            "shares": _shares(each),
            "changes": _changes(each),
        }
        for each in quote.lines
    ]


def _shares(line: QuoteLine) -> tuple[tuple[str, Money], ...]:
    settlement = settlement_or_none(line.kind)
    found = (
        settlement.shares(reference=line.reference, act=line.act, amount=line.amount) if settlement else ()
    )
    # At another price than the one that was promised, they would not come to it.
    return found if total(share for _, share in found) == line.amount else ()


def _changes(line: QuoteLine) -> tuple[str, ...]:
    settlement = settlement_or_none(line.kind)
    return settlement.changes(reference=line.reference, act=line.act) if settlement else ()


def mentions_of(quote: Quote) -> list[str]:
    """What the law wants read, said once however many lines want it."""
    found = (
        sentence
        for each in quote.lines
        if (settlement := settlement_or_none(each.kind)) is not None
        for sentence in settlement.mentions(reference=each.reference, act=each.act)
    )
    return list(dict.fromkeys(found))


def page_of(quote: Quote) -> str:
    """Where the way back leads: the page of the first line's product."""
    return _page(quote.lines[0].kind)


def _page_of(lines: Sequence[PaymentLine]) -> str:
    return _page(lines[0].kind) if lines else "home"


def _page(kind: str) -> str:
    settlement = settlement_or_none(kind)
    return settlement.page if settlement else "home"


def _line(line: PaymentLine) -> LineView:
    said = words_of(line)
    badge = _TAKEN if is_gone(line) else LINES[line.state]
    return LineView(said.label, said.whole, line.amount, badge, said.notes)


def _sum(lines: Sequence[PaymentLine], state: LineState) -> Money:
    return total(each.amount for each in lines if each.state == state)
