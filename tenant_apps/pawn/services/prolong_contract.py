"""A later term, within two years of the loan, for the interest and fees of today (CMF D514-7)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.domain.states import State
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
def prolong_contract(
    *,
    contract: Contract,
    months: int,
    paid: Money,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
    as_of: datetime | None = None,
) -> Done:
    """`paid` is here already; `on`: the day that it was quoted for; `as_of`: the moment, where the price was promised.

    Raises NotPossibleError, after which the money is to be given back, and OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.PROLONGED,
        operation=operation,
        content=(months, paid),
        origin=origin,
        on=on,
        now=now,
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    since = charged_since(contract=locked, since=as_of)
    quote = quote_received(contract=locked, act=Act.PROLONG, on=on, paid=paid, months=months, as_of=as_of)
    if quote.until is None:
        raise AssertionError("a prolongation has a term")
    follow_calendar(contract=locked, on=on, now=now)
    terms = (locked.due_on, quote.until)
    change(contract=locked, state=State.RUNNING, due_on=quote.until, extra_until=None)
    done = write_operation(contract=locked, asked=asked, moved=moved_by(lines=quote.lines), terms=terms)
    charge_after(contract=locked, charges=since, paid=done, now=now)
    return Done(contract=locked, operation=done)
