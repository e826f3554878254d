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
from tenant_apps.pawn.domain.operations import PAID_OUT, OperationKind, Part, Source
from tenant_apps.pawn.models import Contract, Notice, Operation, OperationLine
from tenant_apps.pawn.selectors import history_of, notices_of
from tenant_apps.pawn.wording import ACTS_CHARGED, CHANNELS, NOTICES, OPERATIONS, PARTS
from tenant_apps.payments.services.receipts import RECEIPT
from tenants.policy.current import current_policy

# What the contract's other sections already say, or what concerns the caisse alone.
_UNSAID = frozenset({Part.DEFICIT})
# What nobody came to the counter for: where it was done says nothing.
_BY_THE_CAISSE = frozenset(
    {
        OperationKind.CHARGED,
        OperationKind.ANNOUNCED,
        OperationKind.WITHDRAWN,
        OperationKind.SOLD,
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
    parts: tuple[tuple[str, Money], ...] = ()
    payment: UUID | None = None
    receipt: UUID | None = None


def history(*, contract: Contract) -> list[Happened]:
    """Four queries at most. Nothing of a mirrored contract, whose history is elsewhere."""
    if contract.mirrored:
        return []
    done = list(history_of(contract=contract))
    receipts = _receipts(contract, done)
    found = [_done(each, receipts) for each in done]
    found += [_told(each) for each in notices_of(contract=contract)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _receipts(contract: Contract, operations: Sequence[Operation]) -> Mapping[UUID, UUID]:
    """By payment, where the client has documents."""
    if DOCUMENTS not in current_policy().products:
        return {}
    payments = {each.payment for each in operations if each.payment}
    return documents_about(client=contract.client, kind=RECEIPT, about=payments)


def _done(operation: Operation, receipts: Mapping[UUID, UUID]) -> Happened:
    kind = OperationKind(operation.kind)
    parts = tuple((_part(each), each.amount) for each in operation.lines.all() if each.part not in _UNSAID)
    return Happened(
        on=operation.on,
        at=operation.at,
        title=str(OPERATIONS[kind]),
        note=_note(operation, kind),
        # The price at the auction is no payment of the client's.
        amount=operation.amount if operation.amount and kind is not OperationKind.SOLD else None,
        paid_out=kind in PAID_OUT,
        parts=parts if len(parts) > 1 and kind is not OperationKind.SOLD else (),
        payment=operation.payment,
        receipt=receipts.get(operation.payment) if operation.payment else None,
    )


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
    return "" if kind in _BY_THE_CAISSE else _way(operation)


def _way(operation: Operation) -> str:
    ways = {
        Source.CARD: gettext("Payé par carte, en ligne."),
        Source.COUNTER: gettext("À l’agence."),
        Source.CLOCK: "",
        Source.CLIENT: gettext("En ligne, gratuitement."),
    }
    return ways[Source(operation.source)]


def _told(notice: Notice) -> Happened:
    return Happened(
        on=timezone.localdate(notice.at),
        at=notice.at,
        title=str(NOTICES[notice.kind]),
        note=str(CHANNELS.get(notice.channel, "")),
    )
