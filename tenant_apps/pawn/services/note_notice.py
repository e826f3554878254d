"""Keep in a contract's history that its client was told something, and charge what the tariff says of it."""

import uuid
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.pawn.domain.operations import BY_THE_CLOCK, OperationKind
from tenant_apps.pawn.loans import tariff_of_contract
from tenant_apps.pawn.models import Contract, Notice
from tenant_apps.pawn.services.doing import Asked, done_before, locked_contract, write_operation
from tenant_apps.pawn.tell import LETTER
from tenants.policy.current import current_policy

ACTS: dict[str, str] = {
    Notice.Kind.DUE_SOON: "due_notice",
    Notice.Kind.DUE: "due_notice",
    Notice.Kind.IN_GRACE: "due_notice",
    Notice.Kind.SALE: "sale_notice",
    Notice.Kind.BONI: "boni_notice",
}
"""What the tariff calls each."""


def is_charged(*, channel: str) -> bool:
    """Whether what leaves that way is, as the policy has it."""
    charging = current_policy().pawn.notices_charged
    return charging == "all" or (charging == "letters" and channel == LETTER)


def charge_number(*, contract: UUID, kind: str, about: date) -> UUID:
    """Of the operation that charges a notice: the same however often it is told."""
    return uuid.uuid5(contract, f"{kind}:{about.isoformat()}")


@transaction.atomic
def note_notice(
    *,
    contract: Contract,
    kind: str,
    about: date,
    channel: str,
    message: UUID | None,
    charged: bool,
    on: date,
    now: datetime,
) -> bool:
    """Of a `Notice.Kind`, about a term or a day. False where it was noted already: then it is not charged again."""
    locked = locked_contract(contract=contract)
    _, created = Notice.objects.get_or_create(
        contract=locked,
        kind=kind,
        about=about,
        channel=channel,
        defaults={"message": message, "at": now},
    )
    act = ACTS.get(kind, "")
    if not created or not charged or locked.mirrored:
        return created
    if act in tariff_of_contract(contract=locked).acts:
        asked = Asked(
            kind=OperationKind.CHARGED,
            operation=charge_number(contract=locked.uuid, kind=kind, about=about),
            content=(act, about),
            origin=BY_THE_CLOCK,
            on=on,
            now=now,
        )
        if done_before(contract=locked, asked=asked) is None:
            write_operation(contract=locked, asked=asked, acts=[act])
    return created
