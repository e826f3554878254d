"""Pay the client what the sale brought above the debt (CMF D514-21)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import Money, total
from tenant_apps.pawn.domain.operations import OperationKind, Origin, Part
from tenant_apps.pawn.domain.possible import Act, BlockKind, WhyNot
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.domain.tariffs.account import Account
from tenant_apps.pawn.domain.tariffs.loan import ActDone
from tenant_apps.pawn.loans import loan_of, tariff_of_contract
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.doing import (
    Asked,
    Done,
    Moved,
    change,
    done_before,
    locked_contract,
    write_operation,
)
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.quote import refuse_unless_possible

BONI_NOTICE = "boni_notice"


def boni_left(*, contract: Contract) -> Money:
    """Less the postage of what the caisse wrote about it. Of a contract that was sold."""
    found: Money = contract.sale.boni - _postage(contract)
    return found


def boni_parts(*, contract: Contract) -> list[Moved]:
    """What `boni_left` is made of."""
    moved = [Moved(part=Part.BONI, amount=contract.sale.boni)]
    if postage := _postage(contract):
        moved.append(Moved(part=Part.ACT, amount=-postage, act=BONI_NOTICE))
    return moved


def _postage(contract: Contract) -> Money:
    """No more than the boni: nobody owes it."""
    account = Account(tariff_of_contract(contract=contract), loan_of(contract=contract))
    written = [each for each in contract.charges.all() if each.act == BONI_NOTICE]
    costs = (account.act_line(ActDone(on=each.on, act=each.act, extra=each.extra)) for each in written)
    boni: Money = contract.sale.boni
    return min(total(each.amount for each in costs), boni)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoniForeseen:
    """`postage`: of what the caisse wrote about it."""

    boni: Money
    postage: Money

    @property
    def left(self) -> Money:
        return self.boni - self.postage


def foresee_boni(*, contract: Contract, surety: bool, on: date) -> BoniForeseen:
    """What would be paid. `surety` as in `pay_out_boni`. Raises NotPossibleError."""
    refuse_unless_possible(contract=contract, act=Act.CLAIM_BONI, on=on)
    lost = any(each.kind == BlockKind.LOST_RECEIPT and each.until is None for each in contract.blocks.all())
    if lost and not surety:
        raise NotPossibleError(WhyNot.LOST_RECEIPT)
    return BoniForeseen(boni=contract.sale.boni, postage=_postage(contract))


@transaction.atomic
def pay_out_boni(
    *,
    contract: Contract,
    document: str,
    surety: bool,
    left: Money,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
) -> Done:
    """`surety`: one was given, without which a lost receipt keeps the boni (CMF D514-11). `document`: what was shown.
    `left`: the sum that the page said, which a correction of the sale may have changed since.

    Raises NotPossibleError, OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.BONI_PAID,
        operation=operation,
        content=(document, surety, left),
        origin=origin,
        on=on,
        now=now,
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    foreseen = foresee_boni(contract=locked, surety=surety, on=on)
    if left != foreseen.left:
        raise NotPossibleError(WhyNot.BONI_CHANGED, due=foreseen.left)
    moved = boni_parts(contract=locked)
    change(contract=locked, state=State.BONI_CLAIMED)
    done = write_operation(contract=locked, asked=asked, moved=moved, document=document)
    return Done(contract=locked, operation=done)
