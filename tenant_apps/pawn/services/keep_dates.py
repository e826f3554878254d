"""What the calendar does by itself: terms pass, grace begins, a boni that nobody claimed is lost."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from tenant_apps.pawn.domain.operations import BY_THE_CLOCK, OperationKind
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.doing import (
    Asked,
    change,
    done_before,
    follow_calendar,
    locked_contract,
    write_operation,
)
from tenant_apps.pawn.services.one_by_one import in_pieces, one_by_one
from tenant_apps.pawn.services.pay_out_boni import boni_parts
from tenants.policy.current import current_policy


def keep_dates(*, on: date, now: datetime, limit: int) -> int:
    """How many contracts had something to do, read in pieces of `limit`. A second run finds nothing but what failed."""
    return one_by_one(
        contracts=in_pieces(found=lambda last, most: _behind(on, last, most), limit=limit),
        act=lambda each: _follow(each, on, now),
        job="pawn.night",
    ) + one_by_one(
        contracts=in_pieces(found=lambda last, most: _to_lapse(on, last, most), limit=limit),
        act=lambda each: lapse_boni(contract=each, on=on, now=now),
        job="pawn.night",
    )


def _follow(contract: Contract, on: date, now: datetime) -> int:
    follow_calendar(contract=locked_contract(contract=contract), on=on, now=now)
    return 1


def _behind(on: date, after: int, limit: int) -> list[Contract]:
    """Those whose state is not that of the day."""
    grace_begins = on - current_policy().pawn.due_for
    passed = Q(state=State.RUNNING, due_on__lt=on) | Q(state=State.DUE, due_on__lt=grace_begins)
    return list(Contract.objects.filter(passed, tariff__isnull=False, pk__gt=after).order_by("pk")[:limit])


def _to_lapse(on: date, after: int, limit: int) -> list[Contract]:
    found = Contract.objects.filter(tariff__isnull=False, state=State.BONI_AVAILABLE, sale__lapses_on__lte=on)
    return list(found.filter(pk__gt=after).order_by("pk")[:limit])


@transaction.atomic
def lapse_boni(*, contract: Contract, on: date, now: datetime) -> bool:
    """Two years from the sale, the boni is the caisse's (CMF D514-21). False: not yet, or no more."""
    locked = locked_contract(contract=contract)
    asked = Asked(
        kind=OperationKind.BONI_LAPSED,
        operation=uuid.uuid5(locked.uuid, OperationKind.BONI_LAPSED),
        content=(),
        origin=BY_THE_CLOCK,
        on=on,
        now=now,
    )
    if done_before(contract=locked, asked=asked) or locked.state != State.BONI_AVAILABLE:
        return False
    if on < locked.sale.lapses_on:
        return False
    change(contract=locked, state=State.BONI_LAPSED)
    write_operation(contract=locked, asked=asked, moved=boni_parts(contract=locked))
    return True
