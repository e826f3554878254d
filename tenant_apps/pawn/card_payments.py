"""What payments by card have done with contracts, and which contracts a payment has done something with."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch

from tenant_apps.pawn.models import Contract, Operation, OperationLine


def operation_of_payment(*, contract: UUID, payment: UUID) -> Operation | None:
    """What a payment by card has done with a contract, with the parts of its money. Two queries."""
    lines = Prefetch("lines", queryset=OperationLine.objects.order_by("position"))
    found = Operation.objects.filter(contract__uuid=contract, payment=payment)
    return found.select_related("contract__tariff").prefetch_related(lines).first()


def card_payments_of(*, contract: Contract) -> list[UUID]:
    """The payments by card that did something with it, and were not taken back. One query."""
    found = Operation.objects.filter(contract=contract, payment__isnull=False, taken_back_by__isnull=True)
    return [each for each in found.order_by("id").values_list("payment", flat=True) if each]


def card_payments_by_contract(*, keys: Collection[int]) -> dict[UUID, list[int]]:
    """By payment, the keys of those of these contracts that it did something with, unless that was taken back. One
    query, and none for nothing.
    """
    found: dict[UUID, list[int]] = {}
    if not keys:
        return found
    rows = Operation.objects.filter(contract__in=keys, payment__isnull=False, taken_back_by__isnull=True)
    for payment, contract in rows.order_by("id").values_list("payment", "contract_id"):
        if payment is not None:
            found.setdefault(payment, []).append(contract)
    return found


def operations_of_payments(*, uuids: Collection[UUID]) -> dict[UUID, list[Operation]]:
    """By payment, what they have done, with the contract and what took it back. One query, and none for nothing."""
    found: dict[UUID, list[Operation]] = {}
    if not uuids:
        return found
    rows = Operation.objects.filter(payment__in=uuids).select_related("contract", "taken_back_by")
    for each in rows.order_by("id"):
        if each.payment is not None:
            found.setdefault(each.payment, []).append(each)
    return found
