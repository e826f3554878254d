"""What was charged after a price was promised: none of that price, and due afterwards. What was waived since."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, Q

from guichet.kernel.money import ZERO, Money, total
from tenant_apps.pawn.domain.operations import BY_THE_CLOCK, OperationKind
from tenant_apps.pawn.domain.tariffs.account import Account
from tenant_apps.pawn.domain.tariffs.loan import ActDone
from tenant_apps.pawn.loans import OF_THE_LOAN, loan_of, tariff_of_contract
from tenant_apps.pawn.models import ActCharged, Contract, Operation
from tenant_apps.pawn.services.doing import Asked, done_before, write_operation


def charged_since(*, contract: Contract, since: datetime | None) -> list[ActCharged]:
    """And that nobody has paid yet. Nothing where no price was promised."""
    if since is None:
        return []
    paid = Operation.objects.filter(
        contract=contract, kind__in=OF_THE_LOAN, taken_back_by__isnull=True
    ).aggregate(last=Max("pk"))
    found = ActCharged.objects.filter(
        contract=contract,
        operation__kind=OperationKind.CHARGED,
        operation__at__gt=since,
        operation__gt=paid["last"] or 0,
    )
    return list(found.select_related("operation").order_by("id"))


def waived_since(*, contract: Contract, since: datetime | None) -> Money:
    """What was due when a price was promised, and was taken off since. Nothing where no price was promised."""
    if since is None:
        return ZERO
    found = ActCharged.everything.filter(
        contract=contract, operation__at__lte=since, waiver__operation__at__gte=since
    )
    account = Account(tariff_of_contract(contract=contract), loan_of(contract=contract))
    return total(
        account.act_line(ActDone(on=each.on, act=each.act, extra=each.extra)).amount for each in found
    )


def charge_after(
    *, contract: Contract, charges: Sequence[ActCharged], paid: Operation, now: datetime
) -> None:
    """Charge them anew behind the payment `paid`, whose day may be an earlier one: a payment pays all that was charged
    before it.

    Under the contract's lock.
    """
    for each in charges:
        asked = Asked(
            kind=OperationKind.CHARGED,
            operation=_anew(paid, each),
            content=(each.act, each.operation.uuid),
            origin=BY_THE_CLOCK,
            on=max(paid.on, each.on),
            now=now,
        )
        if done_before(contract=contract, asked=asked) is None:
            before = str(each.operation.uuid)
            write_operation(
                contract=contract, asked=asked, acts=[each.act], extra=each.extra, in_place_of=before
            )


def _anew(paid: Operation, charge: ActCharged) -> uuid.UUID:
    """The number of what charges it behind that payment."""
    return uuid.uuid5(paid.uuid, str(charge.pk))


def charged_twice(*, paid: Operation) -> list[ActCharged]:
    """What is not counted any more once that payment is taken back: the fees before it are due again, and those charged
    anew behind it are not. Of one that was waived behind it, the first is not due either. Two queries.
    """
    before = ActCharged.objects.filter(contract=paid.contract_id, operation__lt=paid.pk)
    first = {_anew(paid, each): each for each in before}
    behind = ActCharged.everything.filter(operation__uuid__in=first)
    return [
        first[each.operation.uuid] if each.waived else each
        for each in behind.select_related("operation").annotate(waived=Q(waiver__isnull=False))
    ]
