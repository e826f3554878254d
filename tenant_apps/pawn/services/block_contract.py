"""A lost receipt, or somebody who claims the object: what stands in the way, from a day until it is lifted."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import BlockKind, WhyNot
from tenant_apps.pawn.domain.states import ENDED
from tenant_apps.pawn.loans import tariff_of_contract
from tenant_apps.pawn.models import Block, Contract
from tenant_apps.pawn.services.doing import Asked, Done, done_before, locked_contract, write_operation
from tenant_apps.pawn.services.errors import NotPossibleError

LOST_RECEIPT = "lost_receipt"


@transaction.atomic
def block_contract(
    *,
    contract: Contract,
    kind: BlockKind,
    reason: str,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
) -> Done:
    """What a lost receipt costs is due with the next payment. Already blocked so, nothing more is charged.

    Raises NotPossibleError for a mirrored contract, OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.BLOCKED,
        operation=operation,
        content=(kind, reason),
        origin=origin,
        on=on,
        now=now,
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    if locked.mirrored:
        raise NotPossibleError(WhyNot.MIRRORED)
    _, created = Block.objects.get_or_create(contract=locked, kind=kind, until=None, defaults={"since": now})
    charged = created and kind is BlockKind.LOST_RECEIPT and locked.state not in ENDED
    acts = [LOST_RECEIPT] if charged and LOST_RECEIPT in tariff_of_contract(contract=locked).acts else []
    done = write_operation(contract=locked, asked=asked, acts=acts, block=kind.value, reason=reason)
    return Done(contract=locked, operation=done)


@transaction.atomic
def unblock_contract(
    *,
    contract: Contract,
    kind: BlockKind,
    reason: str,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
) -> Done:
    """What is not blocked stays so. Raises NotPossibleError for a mirrored contract, OperationReusedError."""
    asked = Asked(
        kind=OperationKind.UNBLOCKED,
        operation=operation,
        content=(kind, reason),
        origin=origin,
        on=on,
        now=now,
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    if locked.mirrored:
        raise NotPossibleError(WhyNot.MIRRORED)
    Block.objects.filter(contract=locked, kind=kind, until__isnull=True).update(until=now)
    done = write_operation(contract=locked, asked=asked, block=kind.value, reason=reason)
    return Done(contract=locked, operation=done)
