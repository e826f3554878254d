"""Which act of a contract's history each notice tells of, and what each act made the tariff charge."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.operations import OperationKind
from tenant_apps.pawn.domain.reminders import NoticeKind
from tenant_apps.pawn.domain.tariffs.account import Account
from tenant_apps.pawn.domain.tariffs.loan import ActDone
from tenant_apps.pawn.loans import loan_of, tariff_of_contract
from tenant_apps.pawn.models import Contract, Notice, Operation
from tenant_apps.pawn.services.note_notice import charge_number
from tenant_apps.pawn.wording import ACTS_CHARGED

Same = tuple[Notice, ...]
"""Notices of one thing, by one channel each, the first sent first."""
# What a notice of each kind tells of; of all others, the calendar is the reason.
_ACTS: dict[str, OperationKind] = {
    NoticeKind.SALE: OperationKind.ANNOUNCED,
    NoticeKind.SOLD: OperationKind.SOLD,
    NoticeKind.WITHDRAWN: OperationKind.WITHDRAWN,
    NoticeKind.EXTRA_TIME: OperationKind.EXTRA_TIME,
}


@dataclass(slots=True)
class Told:
    """`alone`: what tells of no act in the history, such as a reminder."""

    alone: list[Same] = field(default_factory=list)
    by_act: defaultdict[int, list[Same]] = field(default_factory=lambda: defaultdict(list))

    def of(self, operation: Operation) -> Sequence[Same]:
        return self.by_act.get(operation.pk, ())


def notices_by_act(*, contract: Contract, operations: Sequence[Operation], notices: Iterable[Notice]) -> Told:
    found = Told()
    for same in _by_thing(notices):
        act = _act_told(contract, operations, same[0])
        if act is None:
            found.alone.append(same)
        else:
            found.by_act[act.pk].append(same)
    return found


def _by_thing(notices: Iterable[Notice]) -> list[Same]:
    grouped: defaultdict[tuple[str, object], list[Notice]] = defaultdict(list)
    for each in sorted(notices, key=lambda notice: notice.at):
        grouped[each.kind, each.about].append(each)
    return [tuple(each) for each in grouped.values()]


def _act_told(contract: Contract, operations: Sequence[Operation], notice: Notice) -> Operation | None:
    """What was charged for the notice itself; else the latest act of its kind when it left."""
    number = charge_number(contract=contract.uuid, kind=notice.kind, about=notice.about)
    kind = _ACTS.get(notice.kind)
    acts = [each for each in operations if each.kind == kind and each.at <= notice.at]
    charged = [each for each in operations if each.uuid == number]
    return next(iter([*charged, *sorted(acts, key=lambda each: each.at, reverse=True)]), None)


def fees_by_act(*, contract: Contract) -> dict[int, tuple[tuple[str, Money], ...]]:
    """By the key of the operation, what it charged and nobody waived. No query where the charges were fetched."""
    charges = list(contract.charges.all())
    if not charges:
        return {}
    account = Account(tariff_of_contract(contract=contract), loan_of(contract=contract))
    found: defaultdict[int, list[tuple[str, Money]]] = defaultdict(list)
    for each in charges:
        line = account.act_line(ActDone(on=each.on, act=each.act, extra=each.extra))
        found[each.operation_id].append((str(ACTS_CHARGED.get(each.act, ACTS_CHARGED["other"])), line.amount))
    return {key: tuple(fees) for key, fees in found.items()}
