"""The only doors to contracts: always those of one client."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from guichet.kernel.numbers import bare
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.standing import ENDED
from tenant_apps.pawn.models import Contract, PledgedObject


class NoSuchContractError(LookupError):
    """There is none of that id, or it is not this client's: the same answer for both."""


def contracts_of(*, client: Client) -> list[Contract]:
    """With their objects, what is due soonest first, those that ended last. Two queries."""
    found = list(_with_objects(Contract.objects.filter(client=client)).order_by("due_on", "id"))
    return [each for each in found if each.state not in ENDED] + [
        each for each in found if each.state in ENDED
    ]


def contract_of(*, client: Client, uuid: UUID) -> Contract:
    """Raises NoSuchContractError."""
    found = _with_objects(Contract.objects.filter(client=client, uuid=uuid)).first()
    if found is None:
        raise NoSuchContractError
    return found


def contracts_of_uuids(*, uuids: Collection[UUID]) -> list[Contract]:
    """Whosever they are, with their objects: for the counter. Two queries."""
    return list(_with_objects(Contract.objects.filter(uuid__in=uuids)))


def has_contract(*, client: Client, number: str) -> bool:
    """Whether one of this client's contracts has that number, with or without its dashes and spaces, in either case."""
    numbers = Contract.objects.filter(client=client).values_list("number", flat=True)
    return bool(bare(number)) and bare(number) in map(bare, numbers)


def object_of(*, client: Client, uuid: UUID) -> PledgedObject:
    """Raises NoSuchContractError."""
    found = PledgedObject.objects.filter(contract__client=client, uuid=uuid).exclude(photo="").first()
    if found is None:
        raise NoSuchContractError
    return found


def _with_objects(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    objects = PledgedObject.objects.order_by("position", "id")
    return contracts.prefetch_related(Prefetch("objects_pledged", queryset=objects))
