"""Count a fee no more: what corrects an act that was a mistake, or a kindness. The history keeps both."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.models import ActCharged, Contract, Waiver
from tenant_apps.pawn.services.doing import Asked, Done, done_before, locked_contract, write_operation
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.fees import fees_due


@transaction.atomic
def waive_fee(
    *,
    contract: Contract,
    fee: str,
    reason: str,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
) -> Done:
    """`fee`: the name of one that is due (`FeeDue.name`). Raises NotPossibleError, OperationReusedError."""
    asked = Asked(
        kind=OperationKind.WAIVED, operation=operation, content=(fee, reason), origin=origin, on=on, now=now
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    due = next((each for each in fees_due(contract=locked) if each.name == fee), None)
    if due is None:
        raise NotPossibleError(WhyNot.NO_SUCH_FEE)
    charge = ActCharged.objects.get(operation__uuid=due.operation, act=due.fee.act)
    done = write_operation(
        contract=locked, asked=asked, reason=reason, fee=due.fee.act, not_charged=str(due.fee.amount)
    )
    Waiver.objects.create(charge=charge, operation=done)
    return Done(contract=locked, operation=done)
