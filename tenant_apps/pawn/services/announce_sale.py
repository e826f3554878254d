"""Announce the sale by auction, for a day at least ten days away (CMF D514-14 to D514-16)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import Act, WhyNot
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.doing import (
    Asked,
    Done,
    change,
    done_before,
    follow_calendar,
    locked_contract,
    write_operation,
)
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.fees import acts_of_announcement
from tenant_apps.pawn.services.quote import refuse_unless_possible
from tenants.policy.current import current_policy


@transaction.atomic
def announce_sale(
    *,
    contract: Contract,
    sale_on: date,
    requested: bool,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
) -> Done:
    """`requested`: by the client, who may ask for it after three months (CMF D514-15).

    Raises NotPossibleError, with `since` where the day is too near and `until` where it is too far, and
    OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.ANNOUNCED,
        operation=operation,
        content=(sale_on, requested),
        origin=origin,
        on=on,
        now=now,
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    act = Act.REQUEST_SALE if requested else Act.ANNOUNCE_SALE
    refuse_unless_possible(contract=locked, act=act, on=on)
    pawn = current_policy().pawn
    if sale_on < on + pawn.sale_notice:
        raise NotPossibleError(WhyNot.TOO_EARLY, since=on + pawn.sale_notice)
    if sale_on > on + pawn.sale_horizon:
        raise NotPossibleError(WhyNot.TOO_FAR, until=on + pawn.sale_horizon)
    follow_calendar(contract=locked, on=on, now=now)
    change(contract=locked, state=State.FOR_SALE, announced_on=on, sale_on=sale_on, sale_requested=requested)
    acts = acts_of_announcement(contract=locked, requested=requested)
    return Done(contract=locked, operation=write_operation(contract=locked, asked=asked, acts=acts))
