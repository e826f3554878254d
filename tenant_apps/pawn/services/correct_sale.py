"""Mend the price of a sale that was mistyped, as long as nothing has followed from it. The history keeps both."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.law import Outcome, outcome_of
from tenant_apps.pawn.domain.operations import OperationKind, Origin, Part
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.domain.reminders import sale_told_from
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.models import Contract, Notice, Sale
from tenant_apps.pawn.services.doing import (
    Asked,
    Done,
    Moved,
    change,
    done_before,
    locked_contract,
    write_operation,
)
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.record_sale import notice_of_boni_on

_TOLD = (Notice.Kind.SOLD, Notice.Kind.BONI, Notice.Kind.LAPSING)
_FOLLOWED = {State.BONI_CLAIMED: WhyNot.BONI_CLAIMED, State.BONI_LAPSED: WhyNot.BONI_LAPSED}


def settled_from(*, sale: Sale) -> date:
    """The first day on which its price stays as it is, whether or not a message reaches the client that day."""
    return settles_from(recorded_on=timezone.localdate(sale.operation.at), lapses_on=sale.lapses_on)


def settles_from(*, recorded_on: date, lapses_on: date) -> date:
    """The same, of a sale that is recorded on that day; a boni that has lapsed is corrected no more."""
    return min(sale_told_from(recorded_on=recorded_on), lapses_on)


def why_not_correct(*, contract: Contract, on: date) -> WhyNot | None:
    """None while the price can be corrected: what the client was told, or took away, is not changed behind it."""
    if contract.mirrored:
        return WhyNot.MIRRORED
    state = State(contract.state)
    if state not in (State.SOLD, State.BONI_AVAILABLE):
        return _FOLLOWED.get(state, WhyNot.NOT_SOLD)
    if state is State.BONI_AVAILABLE and on >= contract.sale.lapses_on:
        return WhyNot.BONI_LAPSED
    if Notice.objects.filter(contract=contract, kind__in=_TOLD).exists():
        return WhyNot.SALE_TOLD
    closed = on >= settled_from(sale=contract.sale)
    return WhyNot.CORRECTION_CLOSED if closed else None


def foresee_correction(
    *, contract: Contract, hammer_price: Money, on: date, was: Money | None = None
) -> Outcome:
    """What the sale would come to. `was`: the price that was checked, where somebody did; a colleague may have
    corrected it since. Raises NotPossibleError.
    """
    if why := why_not_correct(contract=contract, on=on):
        raise NotPossibleError(why)
    if hammer_price == contract.sale.hammer_price:
        raise NotPossibleError(WhyNot.SAME_PRICE)
    if was not in (None, contract.sale.hammer_price):
        raise NotPossibleError(WhyNot.PRICE_CHANGED, due=contract.sale.hammer_price)
    return outcome_of(price=hammer_price, owed=contract.sale.owed)


@transaction.atomic
def correct_sale(
    *,
    contract: Contract,
    hammer_price: Money,
    was: Money,
    reason: str,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
) -> Done:
    """The debt of that day stays: boni or deficit move by what the price does. `was`: the price that was checked.

    Raises NotPossibleError, OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.SALE_CORRECTED,
        operation=operation,
        content=(hammer_price, was, reason),
        origin=origin,
        on=on,
        now=now,
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    outcome = foresee_correction(contract=locked, hammer_price=hammer_price, on=on, was=was)
    sale: Sale = locked.sale
    change(contract=locked, state=State.BONI_AVAILABLE if outcome.boni else State.SOLD)
    done = write_operation(
        contract=locked,
        asked=asked,
        moved=_moved(sale, outcome),
        reason=reason,
        was=str(was),
        price=str(hammer_price),
    )
    _rewrite(sale, hammer_price, outcome)
    return Done(contract=locked, operation=done)


def _moved(sale: Sale, outcome: Outcome) -> list[Moved]:
    """They come to what the price moves by."""
    parts = ((Part.BONI, outcome.boni - sale.boni), (Part.DEFICIT, sale.deficit - outcome.deficit))
    return [Moved(part=part, amount=amount) for part, amount in parts if amount]


def _rewrite(sale: Sale, price: Money, outcome: Outcome) -> None:
    sale.hammer_price, sale.boni, sale.deficit = price, outcome.boni, outcome.deficit
    sale.notice_on = notice_of_boni_on(sold_on=sale.sold_on, boni=outcome.boni)
    sale.save(update_fields=["hammer_price", "boni", "deficit", "notice_on"])
