"""Take a contract off the sale: the calendar says again where it stands."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import ZERO
from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.domain.reminders import NoticeKind
from tenant_apps.pawn.domain.states import state_by_date
from tenant_apps.pawn.loans import sum_due
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
from tenant_apps.pawn.services.note_notice import note_notice
from tenant_apps.pawn.services.quote import refuse_unless_possible
from tenant_apps.pawn.tell import ToTell, channel_for, tell
from tenants.policy.current import current_policy


@transaction.atomic
def withdraw_from_sale(
    *, contract: Contract, charged: bool, operation: UUID, origin: Origin, on: date, now: datetime
) -> Done:
    """`charged`: false where it is not the client's doing, as when nobody bought. Who was told of the sale is told.

    Raises NotPossibleError, OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.WITHDRAWN, operation=operation, content=(charged,), origin=origin, on=on, now=now
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    refuse_unless_possible(contract=locked, act=Act.WITHDRAW, on=on)
    sale_on = locked.sale_on
    state = state_by_date(term=locked.due_on, on=on, due_for=current_policy().pawn.due_for)
    change(contract=locked, state=state, announced_on=None, sale_on=None, sale_requested=False)
    acts = acts_of_withdrawal(contract=locked) if charged else []
    done = write_operation(contract=locked, asked=asked, acts=acts)
    _tell(locked, sale_on, on, now)
    return Done(contract=locked, operation=done)


def _tell(contract: Contract, sale_on: date | None, on: date, now: datetime) -> None:
    """To who was told of that sale."""
    kind = NoticeKind.WITHDRAWN
    channel = channel_for(contract=contract, kind=kind)
    if sale_on is None or not channel:
        return
    if not contract.notices.filter(kind=NoticeKind.SALE, about=sale_on).exists():
        return
    due = sum_due(contract=contract, on=on)
    about = ToTell(kind=kind, contract=contract, now=now, day=sale_on, due=due, boni=ZERO)
    note_notice(
        contract=contract,
        kind=kind,
        about=on,
        channel=channel,
        message=tell(told=about, channel=channel),
        charged=False,
        on=on,
        now=now,
    )
