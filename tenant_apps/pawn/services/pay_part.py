"""Pay what is due of interest and fees, and a part of the capital: interest comes first (Code civil 1343-1)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import ZERO, Money
from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.domain.tariffs.lines import Kind
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.charged_since import charge_after, charged_since
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
def pay_part(
    *,
    contract: Contract,
    paid: Money,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
    as_of: datetime | None = None,
) -> Done:
    """The term stays. `paid`, `on`, `as_of` as in `prolong_contract`. Raises NotPossibleError, OperationReusedError."""
    asked = Asked(
        kind=OperationKind.PAID_DOWN, operation=operation, content=(paid,), origin=origin, on=on, now=now
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    since = charged_since(contract=locked, since=as_of)
    quote = quote_received(contract=locked, act=Act.PAY_PART, on=on, paid=paid, as_of=as_of)
    follow_calendar(contract=locked, on=on, now=now)
    capital = next(each.amount for each in quote.lines if each.kind is Kind.CAPITAL)
    left = (locked.capital or ZERO) - capital
    change(contract=locked, state=State(locked.state), capital=left)
    done = write_operation(contract=locked, asked=asked, moved=moved_by(lines=quote.lines))
    charge_after(contract=locked, charges=since, paid=done, now=now)
    return Done(contract=locked, operation=done)
