"""What happened to a contract and what its client was told of it, the latest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import date_long
from tenant_apps.documents.products import PRODUCT as DOCUMENTS
from tenant_apps.documents.selectors import documents_about
from tenant_apps.pawn.domain.operations import AT_AUCTION, IN_THE_BOOKS, PAID_OUT, OperationKind, Part, Source
from tenant_apps.pawn.history_acts import fees_by_act, notices_by_act
from tenant_apps.pawn.models import Contract, Notice, Operation, OperationLine
from tenant_apps.pawn.selectors import history_of, notices_of
from tenant_apps.pawn.wording import ACTS_CHARGED, CHANNELS, NOTICES, OPERATIONS, PARTS
from tenant_apps.payments.selectors import Disputed
from tenant_apps.payments.services.receipts import RECEIPT
from tenants.policy.current import current_policy

# What the contract's other sections already say, or what concerns the caisse alone.
_UNSAID = frozenset({Part.DEFICIT})
# What nobody came to the counter for: where it was done says nothing.
# The price at the auction is none of the client's, nor is what the caisse keeps of it in the end.
_NO_PAYMENT = AT_AUCTION | IN_THE_BOOKS
_BY_THE_CAISSE = frozenset(
    {
        OperationKind.CHARGED,
        OperationKind.ANNOUNCED,
        OperationKind.WITHDRAWN,
        OperationKind.SOLD,
        OperationKind.SALE_CORRECTED,
        OperationKind.BONI_LAPSED,
        OperationKind.BLOCKED,
        OperationKind.UNBLOCKED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One entry. `payment`: by card; `receipt`: its document. `paid_out`: the caisse paid the client."""

    on: date
    at: datetime
    title: str
    note: str = ""
    amount: Money | None = None
    paid_out: bool = False
    undone: bool = False
    """It takes a payment back: that sum is not paid any more."""
    parts: tuple[tuple[str, Money], ...] = ()
    notices: tuple[str, ...] = ()
    """How its client was told."""
    added: tuple[tuple[str, Money], ...] = ()
    """What the tariff charges for it: due with the next payment."""
    payment: UUID | None = None
    receipt: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is said of an operation besides its row: its receipt, what its bank wants back, what takes it back."""

    receipts: Mapping[UUID, UUID]
    disputes: Mapping[UUID, Disputed]
    taken_back: Mapping[int, Operation]


def history(*, contract: Contract, disputes: Sequence[Disputed] = ()) -> list[Happened]:
    """Each thing once: a notice stands with the act that it tells of, and what it cost with it. Four queries at most.

    Nothing of a mirrored contract, whose history is elsewhere. `disputes`: of its payments by card.
    """
    if contract.mirrored:
        return []
    done = list(history_of(contract=contract))
    told = notices_by_act(contract=contract, operations=done, notices=notices_of(contract=contract))
    fees = fees_by_act(contract=contract)
    known = _Known(
        receipts=_receipts(contract, done),
        disputes={each.payment: each for each in disputes},
        taken_back={each.takes_back_id: each for each in done if each.takes_back_id},
    )
    found = [_done(each, known, told.of(each), fees.get(each.pk, ())) for each in done]
    found += [_told(each) for each in told.alone]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _receipts(contract: Contract, operations: Sequence[Operation]) -> Mapping[UUID, UUID]:
    """By payment, where the client has documents."""
    if DOCUMENTS not in current_policy().products:
        return {}
    payments = {each.payment for each in operations if each.payment}
    return documents_about(client=contract.client, kind=RECEIPT, about=payments)


def _done(
    operation: Operation,
    known: _Known,
    told: Sequence[Sequence[Notice]],
    fees: tuple[tuple[str, Money], ...],
) -> Happened:
    kind = OperationKind(operation.kind)
    if operation.takes_back is not None:
        return _taking_back(operation, operation.takes_back)
    parts = tuple((_part(each), each.amount) for each in operation.lines.all() if each.part not in _UNSAID)
    title = _title(kind, told)
    return Happened(
        on=operation.on,
        at=operation.at,
        title=gettext("%(what)s (annulé)") % {"what": title} if operation.pk in known.taken_back else title,
        note=" ".join(filter(None, (_note(operation, kind), _since(operation, known)))),
        notices=tuple(_sent(each, on=operation.on) for each in told),
        added=fees,
        amount=operation.amount if operation.amount and kind not in _NO_PAYMENT else None,
        paid_out=kind in PAID_OUT,
        parts=parts if len(parts) > 1 and kind not in _NO_PAYMENT else (),
        payment=operation.payment,
        receipt=known.receipts.get(operation.payment) if operation.payment else None,
    )


def _since(operation: Operation, known: _Known) -> str:
    """What became of a payment: it is not one any more, or its bank wants it back."""
    by = known.taken_back.get(operation.pk)
    if by is not None:
        return gettext("Ce paiement est annulé depuis le %(day)s.") % {"day": date_long(by.on)}
    dispute = known.disputes.get(operation.payment) if operation.payment else None
    if dispute is None:
        return ""
    if dispute.lost:
        return gettext("La banque de la carte a repris ce paiement.")
    return gettext("La banque de la carte redemande ce paiement.")


def _taking_back(operation: Operation, payment: Operation) -> Happened:
    """Why, and by whom."""
    if payment.payment is not None:
        title = gettext("Paiement repris par la banque")
        note = gettext("La banque de la carte a repris le paiement du %(day)s : la somme est de nouveau due.")
    else:
        title = str(OPERATIONS[OperationKind.TAKEN_BACK])
        note = gettext("L’agence avait enregistré par erreur « %(what)s », le %(day)s. Elle l’a annulé.")
    said = {"day": date_long(payment.on), "what": OPERATIONS[payment.kind]}
    return Happened(
        on=operation.on,
        at=operation.at,
        title=title,
        note=note % said,
        amount=payment.amount or None,
        undone=True,
    )


def _title(kind: OperationKind, told: Sequence[Sequence[Notice]]) -> str:
    """What was charged for a notice is that notice."""
    if kind is OperationKind.CHARGED and told:
        return str(NOTICES[told[0][0].kind])
    return str(OPERATIONS[kind])


def _part(line: OperationLine) -> str:
    if line.part == Part.ACT:
        return str(ACTS_CHARGED.get(line.act, ACTS_CHARGED["other"]))
    return str(PARTS[line.part])


def _note(operation: Operation, kind: OperationKind) -> str:
    if operation.term_after is not None:
        said = gettext("Nouvelle échéance : %(day)s.") % {"day": date_long(operation.term_after)}
        return f"{said} {_way(operation)}".strip()
    if operation.until is not None:
        said = gettext("Pas de mise en vente avant le %(day)s inclus.") % {"day": date_long(operation.until)}
        return f"{said} {_way(operation)}"
    if kind is OperationKind.SALE_CORRECTED:
        return gettext("Une erreur de saisie est réparée. Les sommes de la vente sont justes.")
    return "" if kind in _BY_THE_CAISSE else _way(operation)


def _way(operation: Operation) -> str:
    ways = {
        Source.CARD: gettext("Payé par carte, en ligne."),
        Source.COUNTER: gettext("À l’agence."),
        Source.CLOCK: "",
        Source.CLIENT: gettext("En ligne, sans rien payer."),
    }
    return ways[Source(operation.source)]


def _told(same: Sequence[Notice]) -> Happened:
    """One thing, by whatever channels it was told."""
    first = same[0]
    return Happened(
        on=timezone.localdate(first.at),
        at=first.at,
        title=str(NOTICES[first.kind]),
        note=_ways(same),
    )


def _sent(same: Sequence[Notice], *, on: date) -> str:
    """Beside an act of the day `on`."""
    day, by = timezone.localdate(same[0].at), _ways(same)
    if not by:
        return ""
    if day == on:
        return gettext("Avis %(sent)s.") % {"sent": by}
    return gettext("Avis %(sent)s le %(day)s.") % {"sent": by, "day": date_long(day)}


def _ways(same: Sequence[Notice]) -> str:
    found = (str(CHANNELS.get(each.channel, "")) for each in same)
    return ", ".join(dict.fromkeys(filter(None, found)))
