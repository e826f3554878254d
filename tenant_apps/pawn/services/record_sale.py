"""What the auction brought: the debt is paid from it, the rest is the client's, a deficit is not."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import ZERO, Money, total
from tenant_apps.pawn.domain.law import Outcome, boni_lapses_on, boni_notice_on, outcome_of
from tenant_apps.pawn.domain.operations import OperationKind, Origin, Part
from tenant_apps.pawn.domain.possible import Act
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
from tenant_apps.pawn.services.fees import preparation_act
from tenant_apps.pawn.services.quote import refuse_out_of_order, refuse_unless_possible
from tenants.policy.current import current_policy


@transaction.atomic
def record_sale(
    *, contract: Contract, hammer_price: Money, operation: UUID, origin: Origin, on: date, now: datetime
) -> Done:
    """`on`: the day of the sale, announced or later. Raises NotPossibleError, OperationReusedError."""
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
    refuse_unless_possible(contract=locked, act=Act.SELL, on=on)
    refuse_out_of_order(loan=loan_of(contract=locked), on=on)
    owed = owed_at_sale(contract=locked, on=on)
    outcome = outcome_of(price=hammer_price, owed=owed.total)
    state = State.BONI_AVAILABLE if outcome.boni else State.SOLD
    change(contract=locked, state=state, capital=ZERO, announced_on=None, sale_on=None, sale_requested=False)
    done = write_operation(contract=locked, asked=asked, moved=_shared_out(owed, outcome))
    _write_sale(locked, done, owed, outcome)
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


def _write_sale(contract: Contract, done: Operation, owed: Debt, outcome: Outcome) -> None:
    pawn = current_policy().pawn
    Sale.objects.create(
        contract=contract,
        operation=done,
        sold_on=done.on,
        hammer_price=done.amount,
        owed=owed.total,
        costs=total(line.amount for line in owed.lines if line.kind is Kind.ACT),
        boni=outcome.boni,
        deficit=outcome.deficit,
        notice_on=boni_notice_on(
            sold_on=done.on,
            months=pawn.boni_notice_months,
            boni=outcome.boni,
            least=Money.of(pawn.boni_notice_euros),
        ),
        lapses_on=boni_lapses_on(sold_on=done.on),
    )
