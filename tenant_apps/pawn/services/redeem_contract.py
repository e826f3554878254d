"""Pay everything: the contract ends, and its objects wait to be fetched (CMF D514-7)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import ZERO, Money
from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.doing import (
    Asked,
    Done,
    change,
    done_before,
    follow_calendar,
    locked_contract,
    moved_by,
    write_operation,
)
from tenant_apps.pawn.services.quote import quote_received


@transaction.atomic
def redeem_contract(
    *,
    contract: Contract,
    paid: Money,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
    as_of: datetime | None = None,
) -> Done:
    """`paid`, `on` and `as_of` as in `prolong_contract`. Raises NotPossibleError, OperationReusedError.

    What was charged since the price was promised is the caisse's loss: nothing is due of a contract that has ended.
    """
    asked = Asked(
        kind=OperationKind.REDEEMED, operation=operation, content=(paid,), origin=origin, on=on, now=now
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    quote = quote_received(contract=locked, act=Act.REDEEM, on=on, paid=paid, as_of=as_of)
    follow_calendar(contract=locked, on=on, now=now)
    stopped = {"sale_stopped": locked.sale_on, "sale_requested": locked.sale_requested}
    change(
        contract=locked,
        state=State.REDEEMED,
        capital=ZERO,
        announced_on=None,
        sale_on=None,
        sale_requested=False,
    )
    done = write_operation(contract=locked, asked=asked, moved=moved_by(lines=quote.lines), columns=stopped)
    return Done(contract=locked, operation=done)
