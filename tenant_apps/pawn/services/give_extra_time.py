"""More time before the sale, which the director may give when the term has come (CMF D514-14)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import ZERO
from tenant_apps.pawn.domain.extra_time import Span, extra_time_span
from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import Act, WhyNot
from tenant_apps.pawn.domain.reminders import NoticeKind
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.loans import facts_of, sum_due
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
from tenant_apps.pawn.services.note_notice import note_notice
from tenant_apps.pawn.services.quote import refuse_unless_possible
from tenant_apps.pawn.tell import ToTell, channel_for, tell
from tenants.policy.current import current_policy


def extra_time_bounds(*, contract: Contract, on: date) -> Span:
    """As the caisse has decided: longer than what the contract has anyway, by so much at most."""
    policy = current_policy()
    facts = facts_of(contract=contract, on=on, policy=policy)
    return extra_time_span(facts=facts, on=on, longest=policy.pawn.extra_time)


@transaction.atomic
def give_extra_time(
    *,
    contract: Contract,
    until: date,
    reason: str,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
) -> Done:
    """Until that day, included, no sale is announced but at the client's demand. The debt goes on as the tariff says.

    The client is told at once. Raises NotPossibleError, OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.EXTRA_TIME,
        operation=operation,
        content=(until, reason),
        origin=origin,
        on=on,
        now=now,
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    refuse_unless_possible(contract=locked, act=Act.EXTRA_TIME, on=on)
    if until not in extra_time_bounds(contract=locked, on=on):
        raise NotPossibleError(WhyNot.OUT_OF_BOUNDS)
    follow_calendar(contract=locked, on=on, now=now)
    change(contract=locked, state=State(locked.state), extra_until=until)
    done = write_operation(
        contract=locked, asked=asked, until=until, given_until=until.isoformat(), reason=reason
    )
    _tell(locked, until, on, now)
    return Done(contract=locked, operation=done)


def _tell(contract: Contract, until: date, on: date, now: datetime) -> None:
    kind = NoticeKind.EXTRA_TIME
    channel = channel_for(contract=contract, kind=kind)
    due = sum_due(contract=contract, on=on)
    message = tell(
        told=ToTell(kind=kind, contract=contract, now=now, day=until, due=due, boni=ZERO), channel=channel
    )
    note_notice(
        contract=contract,
        kind=kind,
        about=until,
        channel=channel,
        message=message,
        charged=False,
        on=on,
        now=now,
    )
