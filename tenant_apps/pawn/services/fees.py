"""What an act would add to the debt, said before it is done: the services charge these very acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.operations import RECEIVED
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.domain.reminders import NoticeKind
from tenant_apps.pawn.domain.states import ENDED
from tenant_apps.pawn.domain.tariffs.account import Account
from tenant_apps.pawn.domain.tariffs.loan import ActDone
from tenant_apps.pawn.loans import SALE_WITHDRAWAL, loan_of, tariff_of_contract
from tenant_apps.pawn.models import ActCharged, Contract, Operation
from tenant_apps.pawn.services.note_notice import ACTS, is_charged
from tenant_apps.pawn.tell import channel_for
from tenants.policy.current import current_policy

LOST_RECEIPT = "lost_receipt"


@dataclass(frozen=True, slots=True)
class Fee:
    """`act`: what the tariff calls it."""

    act: str
    amount: Money


@dataclass(frozen=True, slots=True)
class FeeDue:
    """One that was charged and that nobody has paid. `operation`: the act that charged it."""

    operation: UUID
    fee: Fee
    on: date

    @property
    def name(self) -> str:
        return f"{self.operation}:{self.fee.act}"


def preparation_act(*, requested: bool) -> str:
    """What the tariff calls the work on a sale, by who wanted it."""
    return "requested_sale" if requested else "sale_preparation"


def acts_of_block(*, contract: Contract, kind: BlockKind) -> list[str]:
    if kind is not BlockKind.LOST_RECEIPT or contract.state in ENDED:
        return []
    return _offered(contract, [LOST_RECEIPT])


def acts_of_announcement(*, contract: Contract, requested: bool) -> list[str]:
    """Without the notice to the client, which is charged once it has left."""
    if current_policy().pawn.preparation_charged != "announced":
        return []
    return _offered(contract, [preparation_act(requested=requested)])


def acts_of_notice(*, kind: NoticeKind, contract: Contract) -> list[str]:
    """What telling the client by the way that reaches them will charge."""
    channel = channel_for(contract=contract, kind=kind)
    return _offered(contract, [ACTS.get(kind, "")]) if channel and is_charged(channel=channel) else []


def acts_of_withdrawal(*, contract: Contract) -> list[str]:
    return _offered(contract, [SALE_WITHDRAWAL])


def _offered(contract: Contract, wanted: Sequence[str]) -> list[str]:
    tariff = tariff_of_contract(contract=contract)
    return [each for each in wanted if each in tariff.acts]


def fees_of(*, contract: Contract, acts: Sequence[str], on: date) -> list[Fee]:
    """What each of them costs, without what it costs besides, such as postage."""
    account = Account(tariff_of_contract(contract=contract), loan_of(contract=contract))
    return [Fee(each, account.act_line(ActDone(on=on, act=each)).amount) for each in acts]


def fees_due(*, contract: Contract) -> list[FeeDue]:
    """Charged since the last payment, which paid all of them. None of a contract that has ended or is mirrored."""
    if contract.mirrored or contract.state in ENDED:
        return []
    paid = Operation.objects.filter(contract=contract, kind__in=RECEIVED, taken_back_by__isnull=True)
    last = paid.order_by("-id").values_list("id", flat=True).first() or 0
    found = ActCharged.objects.filter(contract=contract, operation_id__gt=last)
    account = Account(tariff_of_contract(contract=contract), loan_of(contract=contract))
    return [
        FeeDue(
            each.operation.uuid,
            Fee(each.act, account.act_line(ActDone(on=each.on, act=each.act, extra=each.extra)).amount),
            each.on,
        )
        for each in found.select_related("operation").order_by("id")
    ]


def fees_charged(*, contract: Contract) -> dict[int, list[Fee]]:
    """What each operation added to the debt, by its key, though it was waived since. One query, besides the debt's."""
    found: dict[int, list[Fee]] = {}
    if contract.mirrored:
        return found
    account = Account(tariff_of_contract(contract=contract), loan_of(contract=contract))
    for each in ActCharged.everything.filter(contract=contract).order_by("id"):
        line = account.act_line(ActDone(on=each.on, act=each.act, extra=each.extra))
        found.setdefault(each.operation_id, []).append(Fee(each.act, line.amount))
    return found
