"""Why a contract is blocked, and why a block ends: each has its own reasons. Words are made by the screens."""

from tenant_apps.pawn.domain.possible import BlockKind

OTHER = "other"
TO_BLOCK: dict[BlockKind, tuple[str, ...]] = {
    BlockKind.LOST_RECEIPT: ("declared", OTHER),
    BlockKind.CLAIMED_BY_OTHER: ("claim", OTHER),
}
TO_UNBLOCK: dict[BlockKind, tuple[str, ...]] = {
    BlockKind.LOST_RECEIPT: ("found", "block_mistaken", OTHER),
    BlockKind.CLAIMED_BY_OTHER: ("claim_over", "block_mistaken", OTHER),
}


def is_reason(reason: str, *, among: tuple[str, ...]) -> bool:
    """`reason`: a code, alone or with words after a colon."""
    return reason.partition(":")[0] in among
