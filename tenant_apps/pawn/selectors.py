"""The only doors to contracts. Those of a client are asked for with the client; the agency sees all of its caisse."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from guichet.kernel.numbers import bare
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.states import ENDED
from tenant_apps.pawn.loans import OF_THE_LOAN
from tenant_apps.pawn.models import (
    ActCharged,
    Block,
    Contract,
    Notice,
    Operation,
    OperationLine,
    PledgedObject,
)


class NoSuchContractError(LookupError):
    """There is none of that id, or it is not this client's: the same answer for both."""


def contracts_of(*, client: Client) -> list[Contract]:
    """With what tells their debts, what is due soonest first, those that ended last. Five queries, however many."""
    found = list(_with_all(Contract.objects.filter(client=client)).order_by("due_on", "id"))
    return [each for each in found if each.state not in ENDED] + [
        each for each in found if each.state in ENDED
    ]


def contract_of(*, client: Client, uuid: UUID) -> Contract:
    """Raises NoSuchContractError."""
    return _only(Contract.objects.filter(client=client, uuid=uuid))


def contract_of_client_id(*, client_id: int, uuid: UUID) -> Contract:
    """Raises NoSuchContractError."""
    return _only(Contract.objects.filter(client_id=client_id, uuid=uuid))


def contract_of_caisse(*, uuid: UUID) -> Contract:
    """Whoever's: for the agency. Raises NoSuchContractError."""
    return _only(Contract.objects.filter(uuid=uuid))


def contracts_of_uuids(*, uuids: Collection[UUID]) -> list[Contract]:
    """Whosever they are, with their objects: for the counter. Two queries."""
    return list(_with_objects(Contract.objects.filter(uuid__in=uuids)))


def has_contract(*, client: Client, number: str) -> bool:
    """Whether one of this client's contracts has that number, with or without its dashes and spaces, in either case."""
    numbers = Contract.objects.filter(client=client).values_list("number", flat=True)
    return bool(bare(number)) and bare(number) in map(bare, numbers)


def object_of(*, client: Client, uuid: UUID) -> PledgedObject:
    """Raises NoSuchContractError."""
    return _object(PledgedObject.objects.filter(contract__client=client, uuid=uuid))


def object_of_caisse(*, uuid: UUID) -> PledgedObject:
    """Whoever's: for the agency. Raises NoSuchContractError."""
    return _object(PledgedObject.objects.filter(uuid=uuid))


def history_of(*, contract: Contract) -> list[Operation]:
    """What was done, the latest first, with the parts of its money. Two queries."""
    lines = Prefetch("lines", queryset=OperationLine.objects.order_by("position"))
    return list(Operation.objects.filter(contract=contract).prefetch_related(lines).order_by("-id"))


def notices_of(*, contract: Contract) -> list[Notice]:
    """What its client was told, the latest first."""
    return list(Notice.objects.filter(contract=contract).order_by("-id"))


def operations_between(*, since: datetime, until: datetime, piece: int) -> Iterator[list[Operation]]:
    """What moved money in that time, in its order, `piece` at a time; with contract, client and parts."""
    lines = Prefetch("lines", queryset=OperationLine.objects.order_by("position"))
    found = (
        Operation.objects.filter(at__gte=since, at__lt=until, lines__isnull=False)
        .distinct()
        .select_related("contract__client")
        .prefetch_related(lines)
        .order_by("id")
    )
    last = 0
    while page := list(found.filter(id__gt=last)[:piece]):
        yield page
        last = page[-1].pk


def operation_done(*, uuid: UUID) -> Operation | None:
    """By the number of the form that asked for it."""
    return Operation.objects.select_related("contract").filter(uuid=uuid).first()


def _only(contracts: QuerySet[Contract]) -> Contract:
    found = _with_all(contracts).first()
    if found is None:
        raise NoSuchContractError
    return found


def _object(objects: QuerySet[PledgedObject]) -> PledgedObject:
    found = objects.exclude(photo="").first()
    if found is None:
        raise NoSuchContractError
    return found


def _with_objects(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    objects = PledgedObject.objects.order_by("position", "id")
    return contracts.prefetch_related(Prefetch("objects_pledged", queryset=objects))


def _with_all(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    """Objects, what of the history makes the debt, blocks; the tariff without its document, which is kept computed."""
    return (
        _with_objects(contracts)
        .select_related("client", "tariff", "sale", "handover")
        .defer("tariff__document")
        .prefetch_related(
            Prefetch("operations", queryset=Operation.objects.filter(kind__in=OF_THE_LOAN).order_by("id")),
            Prefetch("charges", queryset=ActCharged.objects.order_by("id")),
            Prefetch("blocks", queryset=Block.objects.filter(until__isnull=True).order_by("id")),
        )
    )
