"""Take a contract off the sale: the calendar says again where it stands."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.domain.states import state_by_date
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.doing import (
    Asked,
    Done,
    change,
    done_before,
    locked_contract,
    write_operation,
)
from tenant_apps.pawn.services.fees import acts_of_withdrawal
from tenant_apps.pawn.services.quote import refuse_unless_possible
from tenants.policy.current import current_policy


@transaction.atomic
def withdraw_from_sale(
    *, contract: Contract, charged: bool, operation: UUID, origin: Origin, on: date, now: datetime
) -> Done:
    """`charged`: false where it is not the client's doing, as when nobody bought.

    Raises NotPossibleError, OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.WITHDRAWN, operation=operation, content=(charged,), origin=origin, on=on, now=now
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    refuse_unless_possible(contract=locked, act=Act.WITHDRAW, on=on)
    state = state_by_date(term=locked.due_on, on=on, due_for=current_policy().pawn.due_for)
    change(contract=locked, state=state, announced_on=None, sale_on=None, sale_requested=False)
    acts = acts_of_withdrawal(contract=locked) if charged else []
    return Done(contract=locked, operation=write_operation(contract=locked, asked=asked, acts=acts))
