"""A lost receipt, or somebody who claims the object: what stands in the way, from a day until it is lifted."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.pawn.domain.blocking import TO_BLOCK, TO_UNBLOCK, is_reason
from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import BlockKind, WhyNot
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.models import Block, Contract
from tenant_apps.pawn.services.doing import Asked, Done, done_before, locked_contract, write_operation
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.fees import acts_of_block


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

    Raises NotPossibleError for a mirrored contract, one whose objects have left, and a reason of another act;
    OperationReusedError.
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
    if not is_reason(reason, among=TO_BLOCK[kind]):
        raise NotPossibleError(WhyNot.NO_REASON)
    if why := _gone(locked):
        raise NotPossibleError(why)
    _, created = Block.objects.get_or_create(contract=locked, kind=kind, until=None, defaults={"since": now})
    acts = acts_of_block(contract=locked, kind=kind) if created else []
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
    """What is not blocked stays so. Raises NotPossibleError as `block_contract`, OperationReusedError."""
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
    if not is_reason(reason, among=TO_UNBLOCK[kind]):
        raise NotPossibleError(WhyNot.NO_REASON)
    Block.objects.filter(contract=locked, kind=kind, until__isnull=True).update(until=now)
    done = write_operation(contract=locked, asked=asked, block=kind.value, reason=reason)
    return Done(contract=locked, operation=done)


def kinds_to_block(*, contract: Contract, on: date) -> list[BlockKind]:
    """Those that are not there yet and would hold something back. No query where the blocks were fetched with it."""
    if contract.mirrored or _gone(contract) is not None:
        return []
    there = _standing(contract)
    # Once all is paid and the term has passed, a lost receipt keeps nothing back (CMF D514-10).
    paid = contract.state == State.REDEEMED and on >= contract.due_on
    useless = {BlockKind.LOST_RECEIPT} if paid else set()
    return [each for each in BlockKind if each not in there | useless]


def kinds_to_unblock(*, contract: Contract) -> list[BlockKind]:
    there = set() if contract.mirrored else _standing(contract)
    return [each for each in BlockKind if each in there]


def _standing(contract: Contract) -> set[BlockKind]:
    return {BlockKind(each.kind) for each in contract.blocks.all() if each.until is None}


def _gone(contract: Contract) -> WhyNot | None:
    """How the objects left, and the boni with them."""
    if contract.state in (State.SOLD, State.BONI_CLAIMED, State.BONI_LAPSED):
        return WhyNot.SOLD
    return WhyNot.FETCHED if getattr(contract, "handover", None) is not None else None
