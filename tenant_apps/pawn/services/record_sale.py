"""What the auction brought: the debt is paid from it, the rest is the client's, a deficit is not."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import ZERO, Money, total
from tenant_apps.pawn.domain.law import Outcome, boni_lapses_on, boni_notice_on, outcome_of
from tenant_apps.pawn.domain.operations import OperationKind, Origin, Part
from tenant_apps.pawn.domain.possible import Act, WhyNot
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.domain.tariffs.debt import debt
from tenant_apps.pawn.domain.tariffs.lines import Debt, Kind
from tenant_apps.pawn.domain.tariffs.loan import ActDone
from tenant_apps.pawn.loans import loan_of, tariff_of_contract
from tenant_apps.pawn.models import Contract, Operation, Sale
from tenant_apps.pawn.services.doing import (
    Asked,
    Done,
    Moved,
    change,
    done_before,
    locked_contract,
    moved_by,
    write_operation,
)
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.fees import preparation_act
from tenant_apps.pawn.services.quote import refuse_out_of_order, refuse_unless_possible
from tenants.policy.current import current_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleForeseen:
    """What would be written of a sale. `notice_on`: when the caisse must write that a boni waits (CMF D514-21)."""

    owed: Debt
    costs: Money
    outcome: Outcome
    notice_on: date | None
    lapses_on: date


def foresee_sale(*, contract: Contract, hammer_price: Money, on: date) -> SaleForeseen:
    """`on`: the day of the sale. Raises NotPossibleError."""
    refuse_unless_possible(contract=contract, act=Act.SELL, on=on)
    refuse_out_of_order(loan=loan_of(contract=contract), on=on)
    owed = owed_at_sale(contract=contract, on=on)
    outcome = outcome_of(price=hammer_price, owed=owed.total)
    return SaleForeseen(
        owed=owed,
        costs=total(line.amount for line in owed.lines if line.kind is Kind.ACT),
        outcome=outcome,
        notice_on=notice_of_boni_on(sold_on=on, boni=outcome.boni),
        lapses_on=boni_lapses_on(sold_on=on),
    )


def notice_of_boni_on(*, sold_on: date, boni: Money) -> date | None:
    """By the caisse's policy."""
    pawn = current_policy().pawn
    least = Money.of(pawn.boni_notice_euros)
    return boni_notice_on(sold_on=sold_on, months=pawn.boni_notice_months, boni=boni, least=least)


@transaction.atomic
def record_sale(
    *,
    contract: Contract,
    hammer_price: Money,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
    owed: Money | None = None,
) -> Done:
    """`on`: the day of the sale, announced or later. `owed`: the debt that was checked, where somebody did.

    Raises NotPossibleError, OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.SOLD,
        operation=operation,
        content=(hammer_price, on),
        origin=origin,
        on=on,
        now=now,
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    foreseen = foresee_sale(contract=locked, hammer_price=hammer_price, on=on)
    if owed not in (None, foreseen.owed.total):
        raise NotPossibleError(WhyNot.WRONG_AMOUNT, due=foreseen.owed.total)
    state = State.BONI_AVAILABLE if foreseen.outcome.boni else State.SOLD
    change(contract=locked, state=state, capital=ZERO, announced_on=None, sale_on=None, sale_requested=False)
    done = write_operation(contract=locked, asked=asked, moved=_shared_out(foreseen.owed, foreseen.outcome))
    _write_sale(locked, done, foreseen)
    return Done(contract=locked, operation=done)


def owed_at_sale(*, contract: Contract, on: date) -> Debt:
    """Capital, interest and fees, with the work on the sale where the caisse charges it to what is sold."""
    tariff, loan = tariff_of_contract(contract=contract), loan_of(contract=contract)
    act = preparation_act(requested=contract.sale_requested)
    if current_policy().pawn.preparation_charged == "sold" and act in tariff.acts:
        loan = loan.after(ActDone(on=on, act=act))
    return debt(tariff=tariff, loan=loan, on=on)


def _shared_out(owed: Debt, outcome: Outcome) -> list[Moved]:
    moved = moved_by(lines=owed.lines)
    if outcome.boni:
        moved.append(Moved(part=Part.BONI, amount=outcome.boni))
    if outcome.deficit:
        moved.append(Moved(part=Part.DEFICIT, amount=-outcome.deficit))
    return moved


def _write_sale(contract: Contract, done: Operation, foreseen: SaleForeseen) -> None:
    Sale.objects.create(
        contract=contract,
        operation=done,
        sold_on=done.on,
        hammer_price=done.amount,
        owed=foreseen.owed.total,
        costs=foreseen.costs,
        boni=foreseen.outcome.boni,
        deficit=foreseen.outcome.deficit,
        notice_on=foreseen.notice_on,
        lapses_on=foreseen.lapses_on,
    )
