"""The history of a pawn loan, as the counter is shown it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext

from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import date_long, euros, moment
from tenant_apps.desk import pawn_words as words
from tenant_apps.desk.event_details import details_in_words
from tenant_apps.desk.pawn_lines import SumLine
from tenant_apps.identity.documents_shown import DOCUMENTS
from tenant_apps.identity.people import names_of
from tenant_apps.journal.selectors import details_of_operations
from tenant_apps.pawn.domain.operations import PAID_OUT, WITH_RECEIPT, OperationKind
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.keep_prolonged import is_confirmed
from tenant_apps.pawn.services.doing import EVENTS, journalled_as
from tenant_apps.pawn.services.fees import Fee, fees_charged
from tenant_apps.pawn.services.fetch_object import who_fetched
from tenant_apps.pawn.wording import MEANS

# The operations whose reason stands in the journal alone, and what is said of it here.
_TOLD = [
    EVENTS[kind]
    for kind in (
        OperationKind.HANDED_OVER,
        OperationKind.BLOCKED,
        OperationKind.UNBLOCKED,
        OperationKind.CHARGED,
        OperationKind.WAIVED,
        OperationKind.EXTRA_TIME,
        OperationKind.SALE_CORRECTED,
        OperationKind.TAKEN_BACK,
    )
]
_SAID = ("reason", "fee", "not_charged", "was", "price", "accountants")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    what: str | Promise
    at: datetime
    how: list[str | Promise]
    amount: Money | None
    paid_out: bool
    parts: list[SumLine]
    # The number of the act, where a receipt was given for it.
    receipt: UUID | None = None
    # Of a payment: that it was taken back, in words; and its number, while it may be.
    taken_back: str = ""
    to_take_back: UUID | None = None
    by_bank: bool = False
    takes_back: bool = False
    # The number of a prolongation that cost nothing, which has a confirmation instead.
    confirmation: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """What the lines are made of, besides the operations: who acted, what the journal says, what was charged."""

    staff: Mapping[UUID, str]
    journal: Mapping[str, Mapping[str, Any]]
    fees: Mapping[int, Sequence[Fee]]
    # By the key of what it takes back.
    taken_back: Mapping[int, Operation]
    to_take_back: UUID | None


def history_lines(
    *, contract: Contract, operations: Sequence[Operation], to_take_back: UUID | None = None
) -> list[HistoryLine]:
    """`to_take_back`: the payment that may be. Four queries: the client's user, the names of those who acted, the
    journal's words, the fees.
    """
    known = _Known(
        names_of(uuids={each.by for each in operations if each.by}),
        details_of_operations(subjects=journalled_as(contract=contract), kinds=_TOLD),
        fees_charged(contract=contract),
        {each.takes_back_id: each for each in operations if each.takes_back_id},
        to_take_back,
    )
    return [_history_line(contract, each, known) for each in operations]


def _history_line(contract: Contract, operation: Operation, known: _Known) -> HistoryLine:
    kind = OperationKind(operation.kind)
    return HistoryLine(
        what=words.operation_label(operation),
        at=operation.at,
        how=[
            _who(operation, known.staff),
            *_details(contract, operation),
            *_takes_back(operation),
            *_why(operation, known),
        ],
        amount=operation.amount if operation.lines.all() else None,
        paid_out=kind in PAID_OUT,
        parts=[
            SumLine(words.part_label(part=each.part, act=each.act), each.amount)
            for each in operation.lines.all()
        ],
        receipt=operation.uuid if operation.receipt and kind in WITH_RECEIPT else None,
        taken_back=_taken_back(known.taken_back.get(operation.pk), known.staff),
        to_take_back=operation.uuid if operation.uuid == known.to_take_back else None,
        by_bank=operation.payment is not None,
        takes_back=kind is OperationKind.TAKEN_BACK,
        confirmation=operation.uuid if is_confirmed(operation=operation) else None,
    )


def _takes_back(operation: Operation) -> list[str]:
    """Which payment."""
    payment = operation.takes_back
    if payment is None:
        return []
    said = {"what": words.OPERATIONS[payment.kind], "when": moment(payment.at)}
    if payment.payment:
        return [gettext("« %(what)s » du %(when)s, payé par carte, en ligne") % said]
    return [gettext("« %(what)s » du %(when)s") % said]


def _taken_back(by: Operation | None, staff: Mapping[UUID, str]) -> str:
    if by is None:
        return ""
    return gettext("Annulé, %(when)s, %(who)s") % {"when": moment(by.at), "who": _who(by, staff)}


def _why(operation: Operation, known: _Known) -> list[str | Promise]:
    """Which block, for what reason, what was not charged after all; then what the act added to the debt."""
    details = known.journal.get(str(operation.uuid), {})
    said: list[str | Promise] = [words.BLOCKS[details["block"]]] if "block" in details else []
    said += details_in_words({name: details[name] for name in _SAID if name in details})
    charged = [each for each in known.fees.get(operation.pk, ()) if each.amount]
    if charged:
        fees = ", ".join(f"{words.TARIFF_ACTS[each.act]} {euros(each.amount)}" for each in charged)
        said.append(gettext("ajouté à la dette : %(fees)s") % {"fees": fees})
    return said


def _who(operation: Operation, staff: Mapping[UUID, str]) -> str:
    if operation.by is None:
        return str(words.SOURCES[operation.source])
    return gettext("par %(name)s") % {"name": staff.get(operation.by, gettext("une personne de l’agence"))}


def _details(contract: Contract, operation: Operation) -> list[str]:
    return [*_money(operation), *_of_kind(contract, operation)]


def _money(operation: Operation) -> list[str]:
    means = [str(MEANS[operation.means])] if operation.means else []
    if not operation.receipt:
        return means
    paid_out = operation.kind in PAID_OUT
    numbered = gettext("quittance n° %(number)s") if paid_out else gettext("reçu n° %(number)s")
    return [*means, numbered % {"number": operation.receipt}]


def _of_kind(contract: Contract, operation: Operation) -> list[str]:
    if operation.term_before and operation.term_after:
        days = {"before": date_long(operation.term_before), "after": date_long(operation.term_after)}
        return [gettext("échéance du %(before)s au %(after)s") % days]
    if operation.until:
        return [gettext("jusqu’au %(day)s") % {"day": date_long(operation.until)}]
    if operation.kind == OperationKind.HANDED_OVER and getattr(contract, "handover", None):
        name, document = who_fetched(handover=contract.handover)
        said = {"name": name, "document": DOCUMENTS.get(document, document)}
        return [gettext("à %(name)s (%(document)s)") % said]
    return []
