"""What the clock charged after a price was promised: none of that price, and due afterwards."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from tenant_apps.pawn.domain.operations import BY_THE_CLOCK, OperationKind
from tenant_apps.pawn.loans import OF_THE_LOAN
from tenant_apps.pawn.models import ActCharged, Contract, Operation
from tenant_apps.pawn.services.doing import Asked, done_before, write_operation


def charged_since(*, contract: Contract, since: datetime | None) -> list[ActCharged]:
    """And that nobody has paid yet. Nothing where no price was promised."""
    if since is None:
        return []
    paid = Operation.objects.filter(contract=contract, kind__in=OF_THE_LOAN).aggregate(last=Max("pk"))
    found = ActCharged.objects.filter(
        contract=contract,
        operation__kind=OperationKind.CHARGED,
        operation__at__gt=since,
        operation__gt=paid["last"] or 0,
    )
    return list(found.select_related("operation").order_by("id"))


def charge_after(
    *, contract: Contract, charges: Sequence[ActCharged], paid: Operation, now: datetime
) -> None:
    """Charge them anew behind the payment `paid`: a payment pays all that was charged before it.

    Under the contract's lock.
    """
    for each in charges:
        asked = Asked(
            kind=OperationKind.CHARGED,
            operation=uuid.uuid5(paid.uuid, str(each.pk)),
            content=(each.act, each.operation.uuid),
            origin=BY_THE_CLOCK,
            on=paid.on,
            now=now,
        )
        if done_before(contract=contract, asked=asked) is None:
            before = str(each.operation.uuid)
            write_operation(contract=contract, asked=asked, acts=[each.act], in_place_of=before)
